import type { AttackFigures } from '@counterpoise/consensus'
import { seconds, type Time } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { doubleSpend, doubleSpendWithLead, selfishRevenue } from '../closedForms.ts'
import { difficultyOf } from '../difficulty.ts'
import { createMiners, type Miners, runBlocks } from '../testing.ts'
import {
  blocksUntilInclusion,
  featherForkSuccess,
  majorityCatchUp,
  withholdingRevenue,
} from './attackForms.ts'
import type { attackSchema } from './attackParameters.ts'
import { optimalPolicy } from './optimalPolicy.ts'
import { timewarpDifficulties } from './timewarp.ts'
import type { z } from 'zod'

type Attack = z.input<typeof attackSchema>
type Run = Miners & { figures: Record<string, AttackFigures> }

type Options = {
  seed: string
  shares: readonly number[]
  blocks: number
  attacks: Attack[]
  delay?: Time
  parameters?: object
}

/** Miners message by message, and a merchant who does not mine. */
function run({ seed, shares, blocks, attacks, delay = seconds(0.01), parameters }: Options): Run {
  const miners = createMiners({
    ...{ seed, weights: [...shares, 0], delay },
    parameters: { retarget: 'none', ...parameters, attacks },
  })
  runBlocks(miners, blocks)
  const head = miners.cluster.head(shares.length)
  expect(head).not.toBe(genesis)
  return { ...miners, figures: miners.attacks!.figures(head) }
}

/** Student's t with 7 degrees of freedom, 99 %. */
const t995 = 3.499
const runs = 8

function expectMean(valueOf: (run: number) => number, expected: number, widthMax: number): void {
  const values = Array.from({ length: runs }, (_, each) => valueOf(each))
  const mean = values.reduce((sum, value) => sum + value, 0) / runs
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const ci99 = t995 * Math.sqrt(squares / (runs - 1) / runs)
  expect(Math.abs(mean - expected), `${mean} ± ${ci99} for ${expected}`).toBeLessThan(ci99)
  expect(ci99, 'width').toBeLessThan(widthMax)
}

/** A share of independent trials, within 99 %. */
function expectShare(share: number, of: number, expected: number): void {
  const tolerance = 2.576 * Math.sqrt((expected * (1 - expected)) / of)
  expect(Math.abs(share - expected), `${share} of ${of} for ${expected}`).toBeLessThan(tolerance)
}

const others = (alpha: number): number[] => [0.5, 0.3, 0.2].map((share) => share * (1 - alpha))

describe('withholding for revenue', () => {
  test.each([
    [0.3, 0.5],
    [0.35, 0],
    [0.4, 1],
  ])('selfish: alpha = %f, gamma = %f earns as SM1', (alpha, gamma) => {
    const measure = (each: number): AttackFigures =>
      run({
        ...{ seed: `${alpha} ${each}`, shares: [alpha, ...others(alpha)], blocks: 4_000 },
        attacks: [{ kind: 'selfish', miners: [0], gamma }],
      }).figures['selfish']!
    const all = Array.from({ length: runs }, (_, each) => measure(each))
    expectMean((each) => all[each]!['revenue_share']!, selfishRevenue(alpha, gamma), 0.03)
    const ties = all.reduce((sum, { tie_blocks }) => sum + tie_blocks!, 0)
    const onOwn = all.reduce((sum, figures) => sum + figures['gamma']! * figures['tie_blocks']!, 0)
    expect(ties).toBeGreaterThan(1_500)
    if (gamma === 0 || gamma === 1) expect(onOwn / ties).toBeCloseTo(gamma, 2)
    else expectShare(onOwn / ties, ties, gamma)
  })

  test('selfish: two that attack together are one of their common share', () => {
    const shares = [0.15, 0.2, 0.4, 0.25]
    const revenue = (each: number): number =>
      run({
        ...{ seed: `both ${each}`, shares, blocks: 4_000 },
        attacks: [{ kind: 'selfish', miners: [0, 1], gamma: 0.5 }],
      }).figures['selfish']!['revenue_share']!
    expectMean(revenue, selfishRevenue(0.35, 0.5), 0.03)
  })

  test('optimal: the table earns what value iteration says, more than SM1', () => {
    const [alpha, gamma] = [0.35, 0]
    const { revenue } = optimalPolicy({ alpha, gamma, size: 20 })
    expect(revenue).toBeGreaterThan(selfishRevenue(alpha, gamma) + 0.003)
    const measure = (each: number): number =>
      run({
        ...{ seed: `optimal ${each}`, shares: [alpha, ...others(alpha)], blocks: 6_000 },
        attacks: [{ kind: 'optimal', miners: [0], alpha, gamma, size: 20 }],
      }).figures['optimal']!['revenue_share']!
    expectMean(measure, revenue, 0.03)
  })

  test('behavior: by the rules, the member earns its share and nothing is stale', () => {
    const { figures, blocks, cluster } = run({
      ...{ seed: 'honest', shares: [0.4, ...others(0.4)], blocks: 4_000, delay: 0 },
      attacks: [{ kind: 'honest', miners: [0], gamma: 0.5 }],
    })
    expect(blocks.height(cluster.head(4))).toBe(4_000)
    expectShare(figures['honest']!['revenue_share']!, 4_000, 0.4)
  })
})

describe('double spend', () => {
  test.each([
    [0.1, 1],
    [0.2, 2],
    [0.3, 3],
    [0.3, 6],
  ])('q = %f against %i confirmations succeeds as the exact law says', (q, confirmations) => {
    const { figures } = run({
      ...{ seed: 'merchant', shares: [q, ...others(q)], blocks: 25_000 },
      attacks: [{ kind: 'double-spend', miners: [0], confirmations, giveUpDeficit: 40 }],
    })
    const { attempts, success_share, delivered, reversed } = figures['double-spend']!
    expect(attempts).toBeGreaterThan(150)
    expectShare(success_share!, attempts!, doubleSpend(q, confirmations))
    // Nobody is cheated who has not delivered, and everybody delivers in the end.
    expect(delivered).toBeGreaterThanOrEqual(attempts! - 1)
    expect(Math.abs(reversed! - success_share! * attempts!)).toBeLessThanOrEqual(1)
  })

  test('behavior: without a block in hand the attacker has to overtake', () => {
    const { figures } = run({
      ...{ seed: 'no lead', shares: [0.3, ...others(0.3)], blocks: 25_000 },
      attacks: [{ kind: 'double-spend', miners: [0], confirmations: 2, premined: 0 }],
    })
    const { attempts, success_share } = figures['double-spend']!
    expectShare(success_share!, attempts!, doubleSpendWithLead(0.3, 2, 0))
  })
})

test('majority: all blocks of the chain, after the blocks of a random walk', () => {
  const { figures } = run({
    ...{ seed: 'majority', shares: [0.6, ...others(0.6)], blocks: 20_000 },
    attacks: [{ kind: 'majority', miners: [0] }],
  })
  const { attempts, success_share, blocks_per_attempt, revenue_share } = figures['majority']!
  expect(revenue_share).toBe(1)
  expect(success_share).toBe(1)
  const expected = majorityCatchUp(0.6, 1)
  // The first passage of a walk with drift d has variance (1 − d²) / d³ per step up.
  const deviation = Math.sqrt((2 * (1 - 0.2 ** 2)) / 0.2 ** 3)
  const difference = Math.abs(blocks_per_attempt! - expected)
  expect(difference).toBeLessThan((2.576 * deviation) / Math.sqrt(attempts!))
})

describe('what is in blocks', () => {
  test.each([1, 3])('feather fork: gives in at %i confirmations', (giveUpConfirmations) => {
    const q = 0.3
    const { figures } = run({
      ...{ seed: 'feather', shares: [q, ...others(q)], blocks: 20_000 },
      attacks: [{ kind: 'feather-fork', miners: [0], targetShare: 0.2, giveUpConfirmations }],
    })
    const { attempts, success_share } = figures['feather-fork']!
    expect(attempts).toBeGreaterThan(1_000)
    expectShare(success_share!, attempts!, featherForkSuccess(q, giveUpConfirmations))
  })

  test('empty blocks: the time between other blocks is as many blocks long', () => {
    const { figures, blocks, cluster } = run({
      ...{ seed: 'empty', shares: [0.4, ...others(0.4)], blocks: 6_000, delay: 0 },
      parameters: { blockBytes: 1_000 },
      attacks: [{ kind: 'empty-blocks', miners: [0] }],
    })
    const expected = 600_000 * blocksUntilInclusion(0.4)
    const found = figures['empty-blocks']!['inclusion_interval_ms']!
    expect(Math.abs(found / expected - 1)).toBeLessThan(2.576 / Math.sqrt(3_600))
    for (let block = cluster.head(4); block !== genesis; block = blocks.parent(block)) {
      expect(blocks.bytes(block)).toBe(blocks.proposer(block) === 0 ? 383 : 1_383)
    }
  })
})

test('block withholding: pools earn as in the dilemma of miners', () => {
  const [working, infiltrators, victim] = [0.2, 0.1, 0.3]
  const expected = withholdingRevenue({ attacker: working + infiltrators, victim, infiltrators })
  const payouts = (each: number): AttackFigures =>
    run({
      ...{ seed: `withheld ${each}`, shares: [working, infiltrators, victim, 0.4] },
      ...{ blocks: 3_000, delay: 0 },
      attacks: [{ kind: 'block-withholding', miners: [1], pool: 2 }],
    }).figures['block-withholding']!
  const all = Array.from({ length: runs }, (_, each) => payouts(each))
  expectMean((each) => all[each]!['pool_payout_share']!, expected.victim, 0.02)
  // The attacker's own pool finds its part of what is found at all.
  const own = working / (1 - infiltrators)
  expectMean((each) => own + all[each]!['payout_share']!, expected.attacker, 0.02)
  expectMean((each) => all[each]!['discarded']! / 3_000, infiltrators / (1 - infiltrators), 0.02)
})

test('timestamps: with all of the hash rate, difficulties fall as computed', () => {
  const retargetInterval = 200
  const { blocks, cluster, figures } = run({
    ...{ seed: 'warp', shares: [1], blocks: 8 * retargetInterval - 1 },
    parameters: { retarget: 'bitcoin', retargetInterval },
    attacks: [{ kind: 'timestamps', miners: [0] }],
  })
  const expected = timewarpDifficulties(8, retargetInterval)
  for (const [period, difficulty] of expected.entries()) {
    const block = blocks.ancestorAt(cluster.head(1), period * retargetInterval + 1)
    // Two hours ahead and the luck of a period's end shift it a little.
    expect(Math.abs(difficultyOf(blocks, block) / difficulty - 1), `${period}`).toBeLessThan(0.15)
  }
  expect(figures['timestamps']!['difficulty']).toBeLessThan(0.4)
  expect(figures['timestamps']!['growth']).toBeGreaterThan(1.5)
})

describe('eclipse', () => {
  const hour = 3_600_000

  test('default: what the weaker side finds meanwhile is lost, and then all agree', () => {
    const { figures, cluster, blocks } = run({
      ...{ seed: 'cut', shares: [0.1, 0.2, 0.4, 0.3], blocks: 4_000 },
      attacks: [{ kind: 'eclipse', miners: [0, 1], fromMs: 10 * hour, forMs: 300 * hour }],
    })
    const { eclipsed_found: found, eclipsed_lost: lost } = figures['eclipse']!
    // 300 hours are 1,800 intervals, of whose blocks three tenths are the victims'.
    expect(Math.abs(found! - 540)).toBeLessThan(2.576 * Math.sqrt(540))
    expect(lost).toBe(found)
    const tips = [0, 1, 2, 3].map((node) => blocks.height(cluster.head(node)))
    expect(Math.max(...tips) - Math.min(...tips)).toBeLessThanOrEqual(1)
  })

  test('behavior: the stronger side comes out with its blocks, and the others follow', () => {
    const { figures } = run({
      ...{ seed: 'strong', shares: [0.3, 0.4, 0.3], blocks: 2_000 },
      attacks: [{ kind: 'eclipse', miners: [0, 1], fromMs: 10 * hour, forMs: 100 * hour }],
    })
    const { eclipsed_found: found, eclipsed_lost: lost } = figures['eclipse']!
    expect(Math.abs(found! - 420)).toBeLessThan(2.576 * Math.sqrt(420))
    expect(lost! / found!).toBeLessThan(0.02)
  })

  test('allies: victims that work for a selfish miner add to its share', () => {
    const shares = [0.2, 0.15, 0.4, 0.25]
    const revenue = (each: number): number => {
      const { figures } = run({
        ...{ seed: `allies ${each}`, shares, blocks: 4_000 },
        attacks: [
          { kind: 'selfish', miners: [0], gamma: 0.5 },
          { kind: 'eclipse', miners: [1], fromMs: 0, forMs: 1e10, allies: true },
        ],
      })
      return figures['selfish']!['revenue_share']! + figures['eclipse']!['revenue_share']!
    }
    expectMean(revenue, selfishRevenue(0.35, 0.5), 0.03)
  })
})
