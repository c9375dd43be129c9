import type { StrategicAttack } from './attackParameters.ts'
import { type Attempt, type Coalition, createCoalition, swayedBy, without } from './coalition.ts'
import { createMerchant } from './merchant.ts'
import { strategyOf } from './named.ts'
import { leavingOut } from './omission.ts'
import { each, type Plan, type PlannedPart, ratio } from './plannedPart.ts'
import type { Strategy } from './attack.ts'

/** The strategy of an attack of a scenario. */
export function strategyIn({ miners: _miners, ...attack }: StrategicAttack): Strategy {
  if (attack.kind === 'optimal') return strategyOf(attack)
  const { gamma: _gamma, ...option } = attack
  if (option.kind !== 'feather-fork') return strategyOf(option)
  const { accounts: _accounts, targetShare = 1, ...rest } = option
  return strategyOf({ ...rest, targetShare })
}

/** An attack by a coalition that follows a strategy. */
export function strategicAttack(
  attack: StrategicAttack,
  { chain }: Plan,
): { part: PlannedPart; coalition: Coalition } {
  const { miners, gamma } = attack
  // Who objects to payments does not mine them.
  const accounts = attack.kind === 'feather-fork' ? attack.accounts : undefined
  const attempts: Attempt[] = []
  const coalition = createCoalition({
    strategy: strategyIn(attack),
    isTarget: targetIn(attack, chain),
    onEnd: (attempt) => attempts.push(attempt),
  })
  const merchant =
    attack.kind === 'double-spend'
      ? createMerchant(chain.blocks, chain.observers[0], attack.confirmations)
      : undefined
  const swayed = gamma === undefined ? [] : without(chain.committee.voters, miners)
  const part: PlannedPart = {
    miners,
    behaviours: [
      ...each(miners, coalition.behaviour),
      ...(accounts === undefined ? [] : each(miners, leavingOut(accounts))),
      ...(gamma === undefined ? [] : each(swayed, swayedBy(coalition, gamma))),
    ],
    observer: merchant?.observer,
    figures: (head) => {
      const result = coalition.result()
      const paid = attempts.filter(
        ({ firstOther }) => firstOther !== undefined && merchant?.hasDelivered(firstOther),
      )
      const reversed = paid.filter(
        ({ firstOther, isSuccess }) => isSuccess && !chain.blocks.isAncestor(firstOther!, head),
      )
      return {
        attempts: result.attempts,
        success_share: ratio(result.successes, result.attempts),
        blocks_per_attempt: ratio(result.blocksInAttempts, result.attempts),
        tie_blocks: result.tieBlocks,
        gamma: ratio(result.tieBlocksOnOwn, result.tieBlocks),
        ...(merchant && { delivered: paid.length, reversed: reversed.length }),
      }
    },
  }
  return { part, coalition }
}

/** What the strategy wants to see gone: blocks with some payments, or a share of all blocks. */
function targetIn(
  attack: StrategicAttack,
  chain: Plan['chain'],
): ((block: number) => boolean) | undefined {
  if (attack.kind !== 'feather-fork') return undefined
  const { accounts, targetShare } = attack
  if (accounts !== undefined) {
    const unwanted = new Set(accounts)
    return (block) => chain.holdsPaymentOf(block, unwanted)
  }
  const stream = chain.random('targets')
  const drawn = new Map<number, boolean>()
  return (block) => {
    const known = drawn.get(block)
    if (known !== undefined) return known
    const isTarget = stream.chance(targetShare ?? 0)
    drawn.set(block, isTarget)
    return isTarget
  }
}

