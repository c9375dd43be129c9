import type { Member, StakeRecords } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { BeaconState } from '../transition/beaconState.ts'
import { totalBalance } from '../transition/registry.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'

/** What stake did in a network so far, as one of its nodes sees the chain. */
export function stakeRecordsOf(
  { chain, measures, headOf }: BeaconNetwork,
  members: readonly Member[],
  { node, slotTime }: { node: number; slotTime: Time },
): StakeRecords {
  const summary = measures.summary()
  const start = chain.blocks[0]!.epochState.beacon
  const end = chain.blocks[headOf(node)]!.epochState.beacon
  const reorgDepths = new Map<number, number>()
  for (const depth of summary.reorgDepths) {
    reorgDepths.set(depth, (reorgDepths.get(depth) ?? 0) + 1)
  }
  const operators = [...new Set(members.map(({ attributes }) => attributes.operator))]
  const [first, last] = [start, end].map((state) => balances(state, members))
  return {
    slotTime,
    slots: summary.slots,
    missedSlots: summary.missedSlots,
    orphaned: summary.orphaned,
    proposerReorgs: summary.proposerReorgs,
    reorgDepths: new Map([...reorgDepths].sort(([a], [b]) => a - b)),
    participation: summary.participation,
    headAccuracy: summary.headAccuracy,
    justifiedDistance: summary.justifiedDistance,
    finalisedDistance: summary.finalisedDistance,
    validators: { start: start.activeCount, end: end.activeCount },
    effectiveEther: { start: start.activeEther, end: end.activeEther },
    balanceGwei: { start: totalBalance(start.registry), end: totalBalance(end.registry) },
    balancesByOperator: new Map(
      operators.flatMap((operator) => {
        const [from, to] = [first!.get(operator), last!.get(operator)]
        return from === undefined ? [] : [[operator, { start: from, end: to ?? 0n }] as const]
      }),
    ),
  }
}

/** Gwei by operator; groups are numbered as the members that hold them. */
function balances({ registry }: BeaconState, members: readonly Member[]): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (let at = 0; at < registry.size; at++) {
    const { operator } = members[registry.group[at]!]!.attributes
    const gwei = BigInt(registry.balance[at]!) * BigInt(registry.count[at]!)
    sums.set(operator, (sums.get(operator) ?? 0n) + gwei + BigInt(registry.carry[at]!))
  }
  return sums
}
