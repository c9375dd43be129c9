import {
  blocksUntilInclusion,
  doubleSpend,
  featherForkSuccess,
} from '@counterpoise/consensus-pow'
import type { BlockRecords } from '@counterpoise/rails'
import { describe, expect, test } from 'vitest'
import type { ScenarioInput } from './input.ts'
import { presets } from './presets/index.ts'
import { messages } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { vary } from './vary.ts'
import { createWorld, type World } from './world.ts'

type Attack = { kind: string; miners: number[] } & Record<string, unknown>
type Change = (draft: any) => unknown

/** Bitcoin with its pools of 2025 for some days, with a payment every five minutes. */
function attacked(
  attacks: Attack[],
  days: number,
  change: Change = () => undefined,
): ScenarioInput {
  return vary<any>(presets.bitcoin, (draft) => {
    draft.rails.bitcoin.consensus.parameters.attacks = attacks
    draft.rails.bitcoin.consensus.parameters.retarget = 'none'
    draft.rails.bitcoin.relays.nodes = 10
    draft.workload.for = `${days * 24}h`
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 1 / 300 }]
    draft.workload.patience = [{ for: `${days * 24}h` }]
    draft.workload.accounts.count = 40
    change(draft)
  })
}

type Outcome = {
  world: World
  blocks: BlockRecords
  /** Blocks of the chain. */
  count: number
  attacks: Record<string, Record<string, number>>
}

function run(input: ScenarioInput): Outcome {
  const world = createWorld({ data: scenarioOf(input).data, variant: 'bitcoin' })
  world.run()
  const blocks = world.rails[0]!.blocks()!
  return { world, blocks, count: blocks.times.length, attacks: blocks.attacks ?? {} }
}

/** From when payments were wanted until they were in a block, ms. */
function meanWaitMs({ payments }: World): number {
  let [sum, count] = [0, 0]
  for (let payment = 0; payment < payments.count(); payment++) {
    if (payments.includedAt(payment) < 0) continue
    sum += (payments.includedAt(payment) - payments.intendedAt(payment)) / 1_000
    count++
  }
  return sum / count
}

/** Whether a mean of so many exponential times is what it should be, within 99 %. */
function expectExponential(found: number, expected: number, count: number): void {
  const difference = Math.abs(found / expected - 1)
  expect(difference, `${found} for ${expected}`).toBeLessThan(2.576 / Math.sqrt(count))
}

/** AntPool and Foundry. */
const two = [0, 1]
const share = 0.59

describe('what a scenario names, on a network with payments', () => {
  test('censorship: some accounts wait for the blocks of the others', () => {
    const input = attacked([{ kind: 'censorship', miners: two, accounts: [3, 4, 5] }], 12)
    const { attacks, count, world } = run(input)
    const figures = attacks['censorship']!
    expect(figures['hash_share']).toBeCloseTo(share, 12)
    const others = count - figures['in_chain']!
    const expected = 600_000 * blocksUntilInclusion(figures['hash_share']!)
    expectExponential(figures['inclusion_interval_ms']!, expected, others)
    // A payment waits from any moment on, and fees keep nobody waiting here.
    expectExponential(figures['time_to_inclusion_ms']!, expected, others)
    expectExponential(figures['others_time_to_inclusion_ms']!, 600_000, count)
    expect(figures['offered']).toBeGreaterThan(300)
    expect(figures['offered']).toBeLessThan(world.payments.count() / 3)
  })

  test('empty blocks: all payments wait for the blocks of the others', () => {
    const { attacks, count, world } = run(attacked([{ kind: 'empty-blocks', miners: two }], 12))
    const { in_chain, hash_share } = attacks['empty-blocks']!
    const expected = 600_000 * blocksUntilInclusion(hash_share!)
    expectExponential(meanWaitMs(world), expected, count - in_chain!)
  })

  test('feather forking: blocks with payments of an account are orphaned two in a row', () => {
    const attack = { kind: 'feather-fork', miners: [0], giveUpConfirmations: 1 }
    const accounts = Array.from({ length: 10 }, (_, account) => account)
    const { attacks } = run(attacked([{ ...attack, accounts }], 12))
    const { attempts, success_share, hash_share } = attacks['feather-fork']!
    const expected = featherForkSuccess(hash_share!, 1)
    expect(attempts).toBeGreaterThan(200)
    const tolerance = 2.576 * Math.sqrt((expected * (1 - expected)) / attempts!)
    expect(Math.abs(success_share! - expected)).toBeLessThan(tolerance)
  })

  test('double spend: the merchant is cheated as often as the law says, and that is told', () => {
    const attack = { kind: 'double-spend', miners: [0], confirmations: 2, giveUpDeficit: 15 }
    const input = attacked([attack], 40, ({ rails, workload }) => {
      rails.bitcoin.access.confirmations = 2
      workload.arrivals = []
      workload.for = '960h'
    })
    const { attacks, world } = run({ ...input, blocks: 6_000 })
    const { attempts, delivered, reversed, hash_share } = attacks['double-spend']!
    const expected = doubleSpend(hash_share!, 2)
    expect(attempts).toBeGreaterThan(150)
    const tolerance = 2.576 * Math.sqrt((expected * (1 - expected)) / delivered!)
    expect(Math.abs(reversed! / delivered! - expected)).toBeLessThan(tolerance)
    // What its rule of two blocks called final was taken back.
    const { agreement, conservation } = world.violations()
    expect([agreement.length > 0, conservation.length]).toEqual([true, 0])
  })

  test('behavior: without an attack nothing is told of one', () => {
    expect(run(attacked([], 1)).blocks.attacks).toBeUndefined()
  })
})

test.each<[string, Attack[], string, string]>([
  ['who is not there', [{ kind: 'selfish', miners: [9] }], 'miners[0]', 'from 0 to 8'],
  [
    'two strategies of one miner',
    [{ kind: 'majority', miners: [1] }, { kind: 'selfish', miners: [1] }],
    'attacks[1].miners[0]',
    'without another attack (majority)',
  ],
  [
    'two gammas',
    [{ kind: 'selfish', miners: [1], gamma: 0 }, { kind: 'selfish', miners: [0], gamma: 1 }],
    'attacks[1].gamma',
    'one attack only',
  ],
  ['a strange pool', [{ kind: 'block-withholding', miners: [1], pool: 1 }], 'pool', 'other than'],
  ['lies without effect', [{ kind: 'timestamps', miners: [1] }], 'kind', "`retarget` 'bitcoin'"],
  ['no account', [{ kind: 'censorship', miners: [1], accounts: [40] }], 'accounts[0]', '0 to 39'],
  ['no objection', [{ kind: 'feather-fork', miners: [1] }], 'attacks[0]', 'either `accounts` or'],
  [
    'allies of nobody',
    [{ kind: 'eclipse', miners: [1], fromMs: 0, forMs: 1, allies: true }],
    'allies',
    'one attack with a strategy',
  ],
  [
    'no table',
    [
      {
        ...{ kind: 'policy', miners: [1] },
        table: { name: 'x', size: 2, irrelevant: ['w'], relevant: ['w'], active: ['w'] },
      },
    ],
    'table',
    'rows',
  ],
  ['an unknown kind', [{ kind: 'selfihs', miners: [1] }], 'kind', 'did you mean `selfish`?'],
])('error: %s', (_what, attacks, where, expected) => {
  const text = messages(attacked(attacks, 1))
  expect(text).toContain(where)
  expect(text).toContain(expected)
})
