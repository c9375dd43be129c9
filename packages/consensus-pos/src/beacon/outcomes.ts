import { ms, type Simulation, type Time } from '@counterpoise/engine'
import { totalBalance } from '../transition/registry.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'

/** What became of payments: delays from when each was offered, s. */
export type PaymentDelays = {
  inclusionSeconds: number[]
  justificationSeconds: number[]
  finalitySeconds: number[]
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
  { chain, measures, headOf }: BeaconNetwork,
  options: { every: Time; reachMs?: number | undefined; node?: number | undefined },
): PaymentDelays {
  const { every, reachMs = 500, node = 0 } = options
  const path: number[] = []
  for (let at = headOf(node); at > 0; at = chain.blocks[at]!.parent) path.push(at)
  path.reverse()
  const delays: PaymentDelays = {
    ...{ inclusionSeconds: [], justificationSeconds: [], finalitySeconds: [] },
    ...{ offered: 0, notIncluded: 0, notFinal: 0 },
  }
  let next = 0
  for (let offered = 0; offered <= simulation.now(); offered += every) {
    delays.offered++
    while (next < path.length && chain.blocks[path[next]!]!.time < offered + ms(reachMs)) next++
    const block = path[next]
    if (block === undefined) {
      delays.notIncluded++
      delays.notFinal++
      continue
    }
    const since = (time: Time): number => (time - offered) / 1e6
    delays.inclusionSeconds.push(since(chain.blocks[block]!.time))
    const justified = measures.justifiedAt(block)
    if (justified !== undefined) delays.justificationSeconds.push(since(justified))
    const final = measures.finalAt(block)
    if (final === undefined) delays.notFinal++
    else delays.finalitySeconds.push(since(final))
  }
  return delays
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
