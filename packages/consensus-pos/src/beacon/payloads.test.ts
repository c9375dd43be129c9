import { createSimulation, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import { paymentDelays } from './outcomes.ts'
import type { PayloadOptions } from './payloads.ts'

function run(slots: number, payloads: Partial<PayloadOptions> = {}, fork = 'gloas', work = 0) {
  const simulation = createSimulation({ seed: 'payloads' })
  const nodes = Array.from({ length: 40 }, (_, node) => ({
    ...{ entity: `entity ${node}`, validators: 100 },
    ...{ missedSlotProbability: 0, proposalMedianMs: 400, proposalSigma: 0.1 },
  }))
  /** When each node had a block's payload; blocks forget that once they are final. */
  const seenOf = new Map<number, Float64Array>()
  const network = createBeaconNetwork(simulation, {
    ...{ nodes, fork, payloads },
    observer: { payload: ({ payloadOf, seen }) => seenOf.set(payloadOf, seen) },
    ...(work > 0 && { fill: () => ({ bytes: 1_000, work }) }),
  })
  simulation.run({ until: slots * seconds(12) })
  return { simulation, network, seenOf, summary: network.measures.summary() }
}

test('payloads that are shown in time are part of the chain', () => {
  const { summary, network } = run(300)
  expect(summary.emptyPayloads).toBe(0)
  const { payload, time } = network.chain.blocks[100]!
  expect(payload!.time).toBeGreaterThan(time)
  const votes = network.chain.payloadVotes.filter(({ block }) => block === 100)
  expect(votes.map(({ timely, late }) => [timely, late])).toEqual([[512, 0]])
  const fulu = run(300, {}, 'fulu')
  expect(fulu.summary.emptyPayloads).toBe(0)
  expect(fulu.network.chain.blocks[100]!.payload).toBe(undefined)
})

test('a payload that its builder keeps back is left out; payments wait for the next', () => {
  const { simulation, network, summary } = run(2_000, { withheldShare: 0.3 })
  expect(Math.abs(summary.emptyPayloads - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 2_000))
  // The block itself stays: nobody else loses anything.
  expect(summary.orphaned).toBe(0)
  const { inclusionSlots } = paymentDelays(simulation, network, { every: seconds(12) })
  const mean = inclusionSlots.reduce((sum, slots) => sum + slots, 0) / inclusionSlots.length
  // Geometric: 1 / (1 − 0.3).
  expect(Math.abs(mean - 1 / 0.7)).toBeLessThan((4 * Math.sqrt(0.3)) / 0.7 / Math.sqrt(1_400))
})

describe('the committee decides by what most of it had when it was due, 6 s into the slot', () => {
  test('shown after that, no payload counts, however soon everybody has it', () => {
    const { summary } = run(200, { revealMedianMs: 6_050, revealSigma: 0 })
    expect(summary.emptyPayloads).toBe(1)
  })

  test('near the limit those are in that a half of the members had in time', () => {
    const { network, seenOf } = run(400, { revealMedianMs: 5_850, revealSigma: 0.02 })
    const { blocks } = network.chain
    let [full, empty] = [0, 0]
    for (const { parent, isParentWhole } of blocks.slice(2)) {
      const { slot } = blocks[parent]!
      const due = (slot - network.firstSlot) * seconds(12) + seconds(6)
      const seen = seenOf.get(parent)!
      const inTime = seen.filter((time) => time <= due).length / seen.length
      // 512 members of 40 equal nodes: the share of the votes is within 9 % of that of nodes.
      if (inTime > 0.59) expect(isParentWhole).toBe(true)
      if (inTime < 0.41) expect(isParentWhole).toBe(false)
      if (isParentWhole) full++
      else empty++
    }
    expect(full).toBeGreaterThan(40)
    expect(empty).toBeGreaterThan(40)
  })
})

test('behavior: a share of payloads kept back that cannot be is refused', () => {
  expect(() => run(1, { withheldShare: 1.5 })).toThrow(/payloads.withheldShare/)
})

test('whoever votes for a block of its own slot says nothing of its payload', () => {
  const { network, summary } = run(100, { revealMedianMs: 500, revealSigma: 0 })
  const { blocks, bundles } = network.chain
  const own = bundles.filter(({ head, slot }) => blocks[head]!.slot === slot)
  expect(own.length).toBeGreaterThan(50)
  expect(own.filter(({ payloadPresent }) => payloadPresent !== false)).toEqual([])
  // Delays until blocks are final count from the beginning of their slots, and end with slots.
  expect(summary.finalityDelaysSeconds.length).toBeGreaterThan(0)
  expect(summary.finalityDelaysSeconds.filter((delay) => delay % 12 !== 0)).toEqual([])
})

test('a payload can be used once it has been executed', () => {
  const { network, seenOf } = run(10, {}, 'gloas', seconds(0.3))
  const [payload] = network.chain.blocks.flatMap((block) => block.payload ?? [])
  const seen = seenOf.get(payload!.payloadOf)!
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(payload!.time + seconds(0.3))
})
