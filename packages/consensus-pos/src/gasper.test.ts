import { createSimulation, seconds, toMs, toSeconds } from '@counterpoise/engine'
import { distributedLatency, randomTopology } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { hasNode } from './bits.ts'
import { createDuties } from './duties.ts'
import { gasper } from './gasper.ts'
import { gasperParameters } from './parameters.ts'
import { attestationsOf, equalWeights, gasperRun } from './testing/gasperRun.ts'

const noMisses = { missedSlotProbability: 0 }
const steady = { ...noMisses, proposalDelaySigma: 0 }

test('default: finality arrives when the specification says', () => {
  const run = gasperRun({ weights: equalWeights(8), parameters: noMisses })
  run.toSlot(8 * 32)
  const { blocks } = run.cluster
  const delays: number[] = []
  for (const [block, time] of run.finalTimes) {
    const slot = blocks.round(block)
    if (slot < 64 || slot >= 160) continue
    delays.push(time - slot * run.slot)
    const offset = slot % 32
    expect((time - slot * run.slot) / run.slot).toBe(offset === 0 ? 64 : 96 - offset)
  }
  expect(delays).toHaveLength(96)
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  expect(toSeconds(mean)).toBe(954)
  expect(run.monitor.conflicts()).toEqual([])
})

test('behavior: a running chain finalises its first blocks as it does all others', () => {
  const parameters = { ...noMisses, start: 'running' }
  const run = gasperRun({ weights: equalWeights(8), parameters })
  run.toSlot(5 * 32)
  const { blocks } = run.cluster
  const delays = [...run.finalTimes].map(([block, time]) => {
    const slot = blocks.round(block)
    const expected = slot % 32 === 0 ? 64 : 96 - (slot % 32)
    return time / run.slot - slot - expected
  })
  expect(delays.length).toBeGreaterThan(64)
  expect(delays.every((delay) => delay === 0)).toBe(true)
})

test('behavior: the model says what it is', () => {
  expect(gasper.name).toBe('gasper')
  expect([1, 4, 100].map(gasper.faultLimit)).toEqual([0, 1, 33])
  // consensus-specs: SLOT_DURATION_MS, SLOTS_PER_EPOCH, 3333 and 6667 bp of a slot,
  // TARGET_AGGREGATORS_PER_COMMITTEE, PROPOSER_SCORE_BOOST.
  expect(gasperParameters.parse({})).toMatchObject({
    ...{ slotMs: 12_000, slotsPerEpoch: 32, attestationDueMs: 3_999, aggregationDueMs: 8_000 },
    ...{ aggregators: 16, proposerBoost: 0.4, start: 'genesis' },
  })
  // Xatu: a median of 1,481 ms and a 95th percentile of 3,051 ms.
  const { proposalDelayMedianMs, proposalDelaySigma } = gasperParameters.parse({})
  const [median, late] = [1_481, 3_051]
  expect(proposalDelayMedianMs).toBe(1_400)
  expect(proposalDelaySigma).toBeCloseTo(Math.log(late / median) / 1.645, 2)
  expect(() => gasperParameters.parse({ slots: 1 })).toThrow()
})

test('behavior: two runs of one seed are the same run, another seed is another', () => {
  const digestOf = (seed: string): string => {
    const run = gasperRun({ weights: [3, 2, 1, 1, 0], seed })
    run.toSlot(70)
    return run.simulation.digest()
  }
  expect(digestOf('a')).toBe(digestOf('a'))
  expect(digestOf('a')).not.toBe(digestOf('b'))
})

test('behavior: flooded and aggregated votes lead to the same chain and the same finality', () => {
  const resultOf = (attestationSpread: string) => {
    const topology = randomTopology({
      size: 12,
      outgoing: 3,
      stream: createSimulation({ seed: 'topology' }).stream('links'),
    })
    const parameters = { attestationSpread }
    const run = gasperRun({ weights: equalWeights(12), topology, parameters })
    run.toSlot(5 * 32)
    return [run.slotsOfChain(run.cluster.head(0)), run.finalisedSlot(0)]
  }
  const [chain, finalised] = resultOf('aggregated')
  expect(finalised).toBe(3 * 32)
  expect(resultOf('flooded')).toEqual([chain, finalised])
})

describe('duties', () => {
  test('default: proposals are shared in proportion to weight', () => {
    const weights = Float64Array.of(10, 0, 20, 30, 40)
    const beacon = createSimulation({ seed: 'duties' }).stream('beacon')
    const duties = createDuties({ weights, beacon: () => beacon.bits(), aggregators: 16 })
    const counts = [0, 0, 0, 0, 0]
    const slots = 50_000
    for (let slot = 0; slot < slots; slot++) counts[duties.proposerOf(slot)]!++
    expect(counts[1]).toBe(0)
    let deviation = 0
    weights.forEach((weight, node) => {
      const expected = (slots * weight) / 100
      if (expected > 0) deviation += (counts[node]! - expected) ** 2 / expected
    })
    // χ² with 3 degrees of freedom: 16.3 is exceeded once in a thousand.
    expect(deviation).toBeLessThan(16.3)
  })

  test('behavior: missed slots have no block and are as many as the parameter says', () => {
    const weights = [1, 1, 1, 1]
    const run = gasperRun({ weights, parameters: { missedSlotProbability: 0.1 } })
    run.toSlot(640)
    const chain = run.slotsOfChain(run.cluster.head(0))
    expect(chain.length).toBe(run.cluster.blocks.size() - 1)
    // Binomial(639, 0.9): 575 ± 7.6.
    expect(Math.abs(chain.length - 575)).toBeLessThan(23)
    expect(run.finalisedSlot(0)).toBeGreaterThan(500)
  })

  test('behavior: a proposer that is down misses its slot', () => {
    const run = gasperRun({ weights: equalWeights(6), parameters: noMisses })
    run.atSlot(10, () => run.cluster.network.takeDown(3))
    run.toSlot(50)
    const { blocks } = run.cluster
    for (let block = 1; block < blocks.size(); block++) {
      if (blocks.round(block) > 10) expect(blocks.proposer(block)).not.toBe(3)
    }
    expect(run.slotsOfChain(run.cluster.head(0)).length).toBeLessThan(49)
  })

  test('behavior: blocks are seen as late as measured on mainnet', () => {
    const run = gasperRun({
      weights: equalWeights(20),
      latency: distributedLatency({ kind: 'lognormal', median: 100, sigma: 0.3 }),
      topology: randomTopology({
        size: 20,
        outgoing: 4,
        stream: createSimulation({ seed: 'topology' }).stream('links'),
      }),
    })
    const firstSeen = new Map<number, number>()
    run.cluster.observe({
      headChanged: (node, head) => {
        const { blocks } = run.cluster
        if (node === blocks.proposer(head) || firstSeen.has(head)) return
        firstSeen.set(head, toMs(run.simulation.now() - blocks.round(head) * run.slot))
      },
    })
    run.toSlot(1_500)
    const delays = [...firstSeen.values()].sort((one, other) => one - other)
    const quantile = (share: number): number => delays[Math.floor(delays.length * share)]!
    expect(Math.abs(quantile(0.5) / 1_481 - 1)).toBeLessThan(0.05)
    expect(Math.abs(quantile(0.95) / 3_051 - 1)).toBeLessThan(0.1)
  })
})

describe('participation', () => {
  const stall = (down: number) => {
    const run = gasperRun({ weights: equalWeights(9), parameters: noMisses })
    run.atSlot(128, () => {
      for (let node = 0; node < down; node++) run.cluster.network.takeDown(node)
    })
    run.toSlot(12 * 32)
    return run
  }

  test('default: with more than a third of the weight down nothing becomes final', () => {
    const run = stall(4)
    expect(run.finalisedSlot(8)).toBe(2 * 32)
    for (let node = 0; node < 4; node++) run.cluster.network.bringUp(node)
    run.toSlot(16 * 32 + 1)
    // Epoch 12 is the first with everybody: justified at its end, final one epoch later.
    for (let node = 0; node < 9; node++) expect(run.finalisedSlot(node)).toBe(14 * 32)
    expect(run.monitor.conflicts()).toEqual([])
  })

  test('behavior: exactly two thirds of the weight are enough', () => {
    const run = stall(3)
    // Every vote of an epoch is needed, so epochs are justified one later, by rule 1.
    expect(run.finalisedSlot(8)).toBeGreaterThanOrEqual(7 * 32)
  })

  test('behavior: one unit less than two thirds is not', () => {
    const weights = [...equalWeights(9).map(() => 100), 1]
    const run = gasperRun({ weights, parameters: noMisses })
    run.atSlot(128, () => [0, 1, 2, 9].forEach((node) => run.cluster.network.takeDown(node)))
    run.toSlot(12 * 32)
    expect(run.finalisedSlot(8)).toBe(2 * 32)
  })
})

describe('outages', () => {
  test('default: a node that was down for four epochs catches up within a slot', () => {
    const run = gasperRun({ weights: equalWeights(7), parameters: steady })
    run.atSlot(70, () => run.cluster.network.takeDown(2))
    run.atSlot(200, () => run.cluster.network.bringUp(2))
    run.toSlot(200)
    expect(run.cluster.blocks.round(run.cluster.head(2))).toBeLessThan(70)
    // Before the next block comes: the node asks for what it has missed.
    run.simulation.run({ until: 200 * run.slot + seconds(1) })
    expect(run.cluster.head(2)).toBe(run.cluster.head(0))
    run.toSlot(201)
    expect(run.cluster.head(2)).toBe(run.cluster.head(0))
    expect(run.cluster.finalised(2)).toBe(run.cluster.finalised(0))
    run.toSlot(260)
    const { blocks } = run.cluster
    const included = attestationsOf(run.cluster, blocks.size() - 2)
    const voted = included.some(({ voters }) => hasNode(voters, 2))
    expect(voted).toBe(true)
    expect(run.cluster.finalised(2)).toBe(run.cluster.finalised(0))
  })

  test('behavior: a node that starts late fetches the chain from genesis on', () => {
    const run = gasperRun({ weights: equalWeights(7), parameters: steady })
    run.cluster.network.takeDown(2)
    run.atSlot(150, () => run.cluster.network.bringUp(2))
    run.toSlot(152)
    expect(run.cluster.head(2)).toBe(run.cluster.head(0))
    expect(run.cluster.finalised(2)).toBe(run.cluster.finalised(0))
  })

  test('behavior: observers follow and take no part', () => {
    const run = gasperRun({ weights: [1, 0, 1, 1, 1, 0] })
    run.toSlot(5 * 32 + 1)
    const { blocks, head, finalised } = run.cluster
    for (const observer of [1, 5]) {
      expect(head(observer)).toBe(head(0))
      expect(finalised(observer)).toBe(finalised(0))
      for (let block = 1; block < blocks.size(); block++) {
        expect(blocks.proposer(block)).not.toBe(observer)
        for (const { voters } of attestationsOf(run.cluster, block)) {
          expect(hasNode(voters, observer)).toBe(false)
        }
      }
    }
    expect(run.finalisedSlot(1)).toBe(3 * 32)
  })

  test('behavior: a single node finalises alone, after an outage too', () => {
    const run = gasperRun({ weights: [1], parameters: noMisses })
    run.atSlot(100, () => run.cluster.network.takeDown(0))
    run.atSlot(110, () => run.cluster.network.bringUp(0))
    run.toSlot(6 * 32)
    expect(run.finalisedSlot(0)).toBe(4 * 32)
  })
})
