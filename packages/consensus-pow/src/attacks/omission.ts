import type { Behaviour } from '@counterpoise/consensus'
import { toMs } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { blockOverheadBytes } from '../messages.ts'
import type { AttackParameters } from './attackParameters.ts'
import { chainOf, each, type Plan, type PlannedPart } from './plannedPart.ts'

/** Makes blocks without the payments from and to some accounts, or without anything. */
export function leavingOut(accounts?: readonly number[]): Behaviour {
  const unwanted = accounts && new Set(accounts)
  return (honest, context) =>
    honest({
      ...context,
      build: (parent, header) =>
        unwanted === undefined
          ? context.build(parent, { ...header, bytes: blockOverheadBytes, omits: 'everything' })
          : context.build(parent, { ...header, omits: unwanted }),
    })
}

/** Blocks without payments, or without some. */
export function omission(
  attack: Extract<AttackParameters, { kind: 'empty-blocks' | 'censorship' }>,
  { chain }: Plan,
): PlannedPart {
  const { miners } = attack
  const accounts = attack.kind === 'censorship' ? attack.accounts : undefined
  return {
    miners,
    behaviours: each(miners, leavingOut(accounts)),
    figures: (head) => ({
      inclusion_interval_ms: meanInterval(chain, head, miners),
      ...(accounts && chain.paymentsOf(new Set(accounts))),
    }),
  }
}

/** Mean time between blocks of the chain that others have made, ms; 0 without two of them. */
function meanInterval(
  chain: Plan['chain'],
  head: BlockId,
  miners: readonly NodeId[],
): number {
  const { blocks } = chain
  let [first, last, count] = [0, 0, 0]
  for (const block of chainOf(chain, head)) {
    if (miners.includes(blocks.proposer(block))) continue
    first = blocks.time(block)
    if (count++ === 0) last = first
  }
  return count < 2 ? 0 : toMs(last - first) / (count - 1)
}
