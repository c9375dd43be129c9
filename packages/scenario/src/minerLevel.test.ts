import { runMinerLevel } from '@counterpoise/consensus-pow'
import type { BlockRecords } from '@counterpoise/rails'
import { describe, expect, test } from 'vitest'
import type { ScenarioInput } from './input.ts'
import { presets } from './presets/index.ts'
import { messages } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { vary } from './vary.ts'
import { createWorld, type World } from './world.ts'

type Parameters = Record<string, unknown>

/** Sixteen miners among sixty nodes like them, and blocks that take seconds. */
function chain(name: 'bitcoin-2015', blocks: number, parameters: Parameters): ScenarioInput {
  return vary<any>(presets[name], (draft) => {
    draft.blocks = blocks
    const { bitcoin } = draft.rails
    Object.assign(bitcoin.consensus.parameters, { targetIntervalMs: 20_000, ...parameters })
    bitcoin.relays.nodes = 43
    const byRegion = { kind: 'regions', year: '2019' }
    bitcoin.network.bandwidth = { upMbps: byRegion, downMbps: byRegion }
    bitcoin.network.topology = { kind: 'random', outgoing: 4 }
    delete bitcoin.network.producers
  })
}

function run(input: ScenarioInput, replication = 0): { world: World; records: BlockRecords } {
  const world = createWorld({ data: scenarioOf(input).data, variant: 'bitcoin', replication })
  world.run()
  expect(world.violations()).toEqual({ conservation: [], agreement: [], liveness: [] })
  return { world, records: world.rails[0]!.blocks()! }
}

const staleShare = ({ stale, times }: BlockRecords): number => stale / (stale + times.length)
const meanInterval = ({ times }: BlockRecords): number =>
  (times.at(-1)! - times[0]!) / (times.length - 1)

describe('a chain of proof of work at miner level', () => {
  test('default: given who finds what when, it builds the tree of the miner level', () => {
    const parameters = { fidelity: 'miner', delayMs: 3_000 }
    const { records, world } = run(chain('bitcoin-2015', 2_000, parameters))
    const { parents, makers, times_ms } = records.tree!
    // Only miners and the observer are there: who only relays is not.
    expect(world.rails[0]!.sites.map(({ role }) => role)).not.toContain('relay')
    const finds = {
      finders: makers.slice(1),
      times: times_ms.slice(1).map((time) => Math.round(time * 1_000)),
    }
    const { tree, stale } = runMinerLevel({
      ...{ shares: Array.from({ length: 16 }, () => 1), blocks: 2_000, finds, tree: true },
      delayMs: { kind: 'constant', value: 3_000 },
    })
    expect(stale).toBeGreaterThan(150)
    expect([...tree!.parents].slice(1)).toEqual(parents.slice(1))
  })

  test('with the delays that the message level has measured, as many blocks are stale', () => {
    const blocks = 1_000
    const levels = Array.from({ length: 3 }, (_, replication) => {
      const { records } = run(chain('bitcoin-2015', blocks, {}), replication)
      const { quantiles } = records.spread!
      const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]
      const values = [0, ...quantiles, 1.3 * quantiles.at(-1)!]
      const delayMs = { kind: 'empirical', shares, values }
      const miner = run(chain('bitcoin-2015', blocks, { fidelity: 'miner', delayMs }), replication)
      return { message: records, miner: miner.records }
    })
    const meanOf = (value: (records: BlockRecords) => number, level: 'message' | 'miner'): number =>
      levels.reduce((sum, each) => sum + value(each[level]), 0) / levels.length
    const [real, drawn] = [meanOf(staleShare, 'message'), meanOf(staleShare, 'miner')]
    expect(real).toBeGreaterThan(0.07)
    // Delays of one block are alike on a network and independent here: some percent, no more.
    expect(Math.abs(drawn / real - 1), `${drawn} for ${real}`).toBeLessThan(0.12)
    const intervals = meanOf(meanInterval, 'miner') / meanOf(meanInterval, 'message')
    expect(Math.abs(intervals - 1)).toBeLessThan(0.05)
  })

  test('payments confirm by it too', () => {
    const input = vary<any>(presets.bitcoin, (draft) => {
      const { parameters } = draft.rails.bitcoin.consensus
      Object.assign(parameters, { fidelity: 'miner', retarget: 'none' })
      parameters.delayMs = { kind: 'lognormal', median: 2_000, sigma: 0.8 }
      draft.workload.for = '48h'
      draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 0.01 }]
      draft.drain = '8h'
    })
    const { world, records } = run(input)
    const { payments } = world
    let waited = 0
    for (let payment = 0; payment < payments.count(); payment++) {
      expect(payments.state(payment)).toBe('final')
      waited += payments.includedAt(payment) - payments.intendedAt(payment)
    }
    expect(payments.count()).toBeGreaterThan(1_500)
    // Whenever one pays, the next block is ten minutes away.
    const difference = waited / payments.count() / 600e6 - 1
    expect(Math.abs(difference)).toBeLessThan(2.576 / Math.sqrt(records.times.length))
  })
})

test.each<[string, Parameters, string]>([
  ['no delay', { fidelity: 'miner' }, "with `fidelity` 'miner', how long blocks take"],
  ['a delay of nobody', { delayMs: 5 }, "no delay without `fidelity` 'miner'"],
  [
    'no distribution',
    { fidelity: 'miner', delayMs: { kind: 'empirical', shares: [0, 0.5], values: [1, 2] } },
    'a distribution that can be',
  ],
])('error: %s', (_what, parameters, expected) => {
  const text = messages(chain('bitcoin-2015', 10, parameters))
  expect(text).toContain('consensus.parameters.delayMs')
  expect(text).toContain(expected)
})
