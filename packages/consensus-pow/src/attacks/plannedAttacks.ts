import type {
  AttackedChain,
  Behaviour,
  ConsensusObserver,
  KnownAttackFigures,
  PlannedAttacks,
} from '@counterpoise/consensus'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { NakamotoParameters } from '../parameters.ts'
import { type AttackParameters, isStrategic } from './attackParameters.ts'
import type { Coalition } from './coalition.ts'
import { nested } from './conductOf.ts'
import { omission } from './omission.ts'
import { blockWithholding, eclipse, lyingStamps } from './otherAttacks.ts'
import { chainOf, type Plan, type PlannedPart, ratio } from './plannedPart.ts'
import { strategicAttack } from './strategicAttack.ts'

/** The attacks that a scenario names, on one chain. */
export function plannedAttacks(
  parameters: NakamotoParameters,
  chain: AttackedChain,
): PlannedAttacks | undefined {
  const { attacks } = parameters
  if (attacks.length === 0) return undefined
  const parts = partsOf(attacks, { parameters, chain })
  const names = namesOf(attacks)
  const observers = parts.flatMap(({ observer }) => (observer === undefined ? [] : [observer]))
  return {
    behaviours: joined(parts),
    observer: observers.length === 0 ? undefined : together(observers),
    figures: (head) =>
      Object.fromEntries(
        parts.map((part, k) => [
          names[k]!,
          { ...sharesOf(part, chain, head), ...part.figures?.(head) },
        ]),
      ),
  }
}

function partsOf(attacks: readonly AttackParameters[], plan: Plan): PlannedPart[] {
  let coalition: Coalition | undefined
  const strategic = new Map<AttackParameters, PlannedPart>()
  for (const attack of attacks) {
    if (!isStrategic(attack)) continue
    const planned = strategicAttack(attack, plan)
    strategic.set(attack, planned.part)
    coalition = planned.coalition
  }
  return attacks.map((attack) => {
    switch (attack.kind) {
      case 'block-withholding':
        return blockWithholding(attack, plan)
      case 'empty-blocks':
      case 'censorship':
        return omission(attack, plan)
      case 'timestamps':
        return lyingStamps(attack, plan)
      case 'eclipse':
        return eclipse(attack, plan, coalition)
      default:
        return strategic.get(attack)!
    }
  })
}

/** By kind; of several of one kind, the second is `selfish-2`. */
function namesOf(attacks: readonly AttackParameters[]): string[] {
  return attacks.map(({ kind }, k) => {
    const before = attacks.slice(0, k).filter((other) => other.kind === kind).length
    return before === 0 ? kind : `${kind}-${before + 1}`
  })
}

/** One behaviour for each member: that of a later attack is inside that of an earlier one. */
function joined(parts: readonly PlannedPart[]): ReadonlyMap<NodeId, Behaviour> {
  const behaviours = new Map<NodeId, Behaviour>()
  for (const [node, behaviour] of parts.flatMap((part) => part.behaviours)) {
    const outer = behaviours.get(node)
    behaviours.set(node, outer === undefined ? behaviour : nested(outer, behaviour))
  }
  return behaviours
}

const together = (observers: readonly ConsensusObserver[]): ConsensusObserver => ({
  headChanged: (node, head, previous) => {
    for (const observer of observers) observer.headChanged?.(node, head, previous)
  },
})

/** What the miners of an attack put in and got out. */
function sharesOf(
  { miners }: PlannedPart,
  chain: AttackedChain,
  head: BlockId,
): KnownAttackFigures {
  const { blocks, committee } = chain
  const own = new Set(miners)
  let found = 0
  for (let block = 1; block < blocks.size(); block++) if (own.has(blocks.proposer(block))) found++
  let inChain = 0
  for (const block of chainOf(chain, head)) if (own.has(blocks.proposer(block))) inChain++
  const power = miners.reduce((sum, miner) => sum + committee.weights[miner]!, 0)
  return {
    hash_share: power / committee.totalWeight,
    revenue_share: ratio(inChain, blocks.height(head)),
    found,
    in_chain: inChain,
  }
}
