import type { BlockSourceRecords, Member, StakeRecords } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { BeaconState } from '../transition/beaconState.ts'
import { totalBalance } from '../transition/registry.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'
import type { BeaconChain } from './chain.ts'

/** What stake did in a network so far, as one of its nodes sees the chain. */
export function stakeRecordsOf(
  { chain, measures, headOf }: BeaconNetwork,
  members: readonly Member[],
  options: { node: number; slotTime: Time; sanctioned?: ReadonlySet<number> | undefined },
): StakeRecords {
  const { node, slotTime, sanctioned } = options
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
    slashed: slashedIn(end),
    validators: { start: start.activeCount, end: end.activeCount },
    effectiveEther: { start: start.activeEther, end: end.activeEther },
    balanceGwei: { start: totalBalance(start.registry), end: totalBalance(end.registry) },
    sources: sourcesOf(chain, headOf(node)),
    sanctioned,
    balancesByOperator: new Map(
      operators.flatMap((operator) => {
        const [from, to] = [first!.get(operator), last!.get(operator)]
        return from === undefined ? [] : [[operator, { start: from, end: to ?? 0n }] as const]
      }),
    ),
  }
}

/** Where the blocks of the chain that ends in a head came from; undefined where none says it. */
function sourcesOf({ blocks }: BeaconChain, head: number): BlockSourceRecords | undefined {
  const byBuilder = new Map<string, number>()
  const byRelay = new Map<string, number>()
  const count = { blocks: 0, relayed: 0, censoring: 0 }
  let isSaid = false
  for (let at = head; at > 0; at = blocks[at]!.parent) {
    const { source } = blocks[at]!
    count.blocks++
    if (source === undefined) continue
    isSaid = true
    if (source.censors) count.censoring++
    if (source.relay === '') continue
    count.relayed++
    byBuilder.set(source.builder, (byBuilder.get(source.builder) ?? 0) + 1)
    byRelay.set(source.relay, (byRelay.get(source.relay) ?? 0) + 1)
  }
  return isSaid ? { ...count, byBuilder: inOrder(byBuilder), byRelay: inOrder(byRelay) } : undefined
}

/** Validators that were slashed, and their effective balance, ETH. */
function slashedIn({ registry }: BeaconState): StakeRecords['slashed'] {
  const slashed = { validators: 0, effectiveEther: 0 }
  for (let at = 0; at < registry.size; at++) {
    if (registry.slashed[at] === 0) continue
    slashed.validators += registry.count[at]!
    slashed.effectiveEther += registry.count[at]! * registry.effective[at]!
  }
  return slashed
}

/** By name. */
const inOrder = (counts: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))

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
