import { ms, type Simulation, type Time } from '@counterpoise/engine'
import { totalBalance } from '../transition/registry.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'
import type { BeaconBlock } from './blocks.ts'
import { isWhole } from './payloads.ts'

/** What became of payments: delays from when each was offered, s. */
export type PaymentDelays = {
  inclusionSeconds: number[]
  justificationSeconds: number[]
  finalitySeconds: number[]
  /** Slots until inclusion; 1 for the first block that could have it. */
  inclusionSlots: number[]
  /** Offered, and how many of them are not in a block, not final. */
  offered: number
  notIncluded: number
  notFinal: number
}

/**
 * Follows payments that are offered at even distances from the first slot until now. A payment is
 * in the first block of the chain, as a node follows it now, that was published at least
 * `reachMs` after the offer; blocks have room for all.
 *
 * @param reachMs time from a payer to whoever builds the block, ms. 500 unless given; assumed.
 */
export function paymentDelays(
  simulation: Simulation,
  network: BeaconNetwork,
  options: {
    every: Time
    reachMs?: number | undefined
    node?: number | undefined
    /** Payments that censoring builders, relays and proposers leave out. */
    sanctioned?: boolean | undefined
  },
): PaymentDelays {
  const { chain, measures, headOf } = network
  const { every, reachMs = 500, node = 0, sanctioned = false } = options
  const path: number[] = []
  for (let at = headOf(node); at > 0; at = chain.blocks[at]!.parent) path.push(at)
  path.reverse()
  const delays: PaymentDelays = {
    ...{ inclusionSeconds: [], justificationSeconds: [], finalitySeconds: [], inclusionSlots: [] },
    ...{ offered: 0, notIncluded: 0, notFinal: 0 },
  }
  /** When the content of a block was fixed. */
  const fixedAt = (at: number): Time => {
    const { time, source } = chain.blocks[path[at]!]!
    return time - (source?.leg ?? 0)
  }
  /** The first block from there on that does not leave the payment out. */
  const openFrom = (first: number, known: Time): number => {
    let at = first
    while (at < path.length) {
      const isOut = sanctioned && leavesOut(network, chain.blocks[path[at]!]!, known)
      if (!isOut && isWhole(chain, path[at]!, path[at + 1])) break
      at++
    }
    return at
  }
  let next = 0
  for (let offered = 0; offered <= simulation.now(); offered += every) {
    delays.offered++
    const known = offered + ms(reachMs)
    while (next < path.length && fixedAt(next) < known) next++
    const block = path[openFrom(next, known)]
    if (block === undefined) {
      delays.notIncluded++
      delays.notFinal++
      continue
    }
    const since = (time: Time): number => (time - offered) / 1e6
    const { time, payload } = chain.blocks[block]!
    delays.inclusionSeconds.push(since(payload?.time ?? time))
    delays.inclusionSlots.push(chain.blocks[block]!.slot - chain.blocks[path[next]!]!.slot + 1)
    const justified = measures.justifiedAt(block)
    if (justified !== undefined) delays.justificationSeconds.push(since(justified))
    const final = measures.finalAt(block)
    if (final === undefined) delays.notFinal++
    else delays.finalitySeconds.push(since(final))
  }
  return delays
}

/** Does the block leave a sanctioned payment out that was known from a time on? */
function leavesOut(
  { listedUntil }: BeaconNetwork,
  { slot, source }: BeaconBlock,
  known: Time,
): boolean {
  return source?.censors === true && known > listedUntil(slot)
}

/** Stake at the first slot and at the beginning of the epoch that runs now, Gwei. */
export function stakeGwei(
  { chain, headOf }: BeaconNetwork,
  node = 0,
): { before: bigint; now: bigint } {
  const first = chain.blocks[0]!.epochState.beacon
  const last = chain.blocks[headOf(node)]!.epochState.beacon
  return { before: totalBalance(first.registry), now: totalBalance(last.registry) }
}
