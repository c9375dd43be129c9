import { selfishRevenue } from '@counterpoise/consensus-pow'
import { describe, expect, test } from 'vitest'
import type { MineFigures } from './commands/mine.ts'
import { runHere } from './testing.ts'

type Value = { mean: number; ci95: number }
type Estimates<value> = {
  [key in keyof value]: value[key] extends number ? Value : Estimates<value[key]>
}
type Document = {
  figures: Estimates<MineFigures>
  expected: { figure: string; value: number }[]
}

const small = ['--blocks', '20000', '--replications', '5']

async function mine(flags: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await runHere(['mine', ...small, ...flags, '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Document
}

describe('mine', () => {
  test('default: the pools of 2025 without delay', async () => {
    const { figures, expected } = await mine([])
    expect(figures.stale_share.mean).toBe(0)
    expect(Object.keys(figures.revenue_share)).toContain('Foundry')
    expect(figures.interval_ms.mean.mean / 600_000).toBeCloseTo(1, 1)
    expect(expected).toEqual([])
  })

  test('default: a table of the same figures', async () => {
    const flags = ['--attack', 'selfish', '--alpha', '.4']
    const { code, stdout } = await runHere(['mine', ...small, ...flags])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^blocks +20000$/m)
    expect(stdout).toMatch(/^revenue_share\.attacker +0\.\d+ ± 0\.0\d+$/m)
    expect(stdout).toMatch(/^closed form of revenue_share +0\.483721 \(Eyal and Sirer/m)
  })

  test('behavior: of few blocks, the margin of a share ends at 0', async () => {
    const few = ['--blocks', '30', '--replications', '3', '--delay', 'lognormal:60s:0.5']
    const { stdout } = await runHere(['mine', ...few, '--seed', 'b'])
    expect(stdout).toMatch(/^stale_share +0\.0333333 \+0\.083 −0\.033$/m)
  })

  test('behavior: replications that agree by chance do not make a share certain', async () => {
    const few = ['--blocks', '30', '--replications', '2', '--delay', 'lognormal:1s:0.5']
    const table = await runHere(['mine', ...few])
    expect(table.stdout).toMatch(/^stale_share +0 \+0\.06 −0$/m)
    const { figures } = await mine(few)
    expect(figures.stale_share).toMatchObject({ low: 0, ci95: expect.closeTo(0.06, 2) })
    // Where an attacker mines, blocks come in rows: one run tells nothing of others.
    const attack = ['--attack', 'selfish', '--alpha', '0.4', '--replications', '1']
    const { figures: attacked } = await mine(attack)
    expect(attacked.revenue_share['attacker']).toHaveProperty('ci95', null)
  })

  test('selfish mining beside its closed form', async () => {
    const flags = ['--attack', 'selfish', '--alpha', '.4', '--gamma', '.5']
    const { figures, expected } = await mine(flags)
    expect(expected[0]!.value).toBe(selfishRevenue(0.4, 0.5))
    const { mean, ci95 } = figures.revenue_share['attacker']!
    expect(Math.abs(mean - expected[0]!.value)).toBeLessThan(2 * ci95)
  })

  test('delays make stale blocks, by pool and by depth', async () => {
    const { figures } = await mine(['--pools', '2016', '--delay', 'lognormal:60s:0.5'])
    expect(figures.stale_share.mean).toBeGreaterThan(0.05)
    const stale = figures.stale_by_miner as unknown as Record<string, Value>
    // The largest pool knows of its own blocks at once.
    expect(stale['pool 0']!.mean).toBeLessThan(stale['pool 5']!.mean)
    const depths = figures.reorg_depths_per_1000 as unknown as Record<string, Value>
    expect(depths['1']!.mean).toBeGreaterThan(5 * depths['2']!.mean)
  })

  test('an interval of half a second and a delay of two', async () => {
    const shares = Array(50).fill(0.02).join(',')
    const flags = ['--shares', shares, '--interval', '500ms', '--delay', '2s']
    const { figures } = await mine(flags)
    // Many small miners: LD / (1 + LD), here somewhat less.
    expect(figures.stale_share.mean).toBeGreaterThan(0.77)
    expect(figures.stale_share.mean).toBeLessThan(0.8)
  })

  test('behavior: shares that do not sum to 1 are taken in proportion, which is said', async () => {
    const of = (shares: string) => runHere(['mine', ...small, '--shares', shares, '--json'])
    const [weights, parts] = [await of('70,30'), await of('0.7,0.3')]
    const note = '--shares sum to 100, not 1; taken in proportion: 0.7, 0.3'
    expect([weights.code, weights.stderr]).toEqual([0, `counterpoise mine: ${note}\n`])
    const figuresOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as Document).figures
    expect(figuresOf(weights)).toEqual(figuresOf(parts))
    expect((await of('0.5,0.5,0.5')).stderr).toContain('sum to 1.5, not 1')
    expect(parts.stderr).toBe('')
  })

  test('shares that were rounded sum to 1 all the same', async () => {
    const { figures } = await mine(['--shares', '0.333,0.333,0.333'])
    const shares = figures.revenue_share as unknown as Record<string, Value>
    expect(shares['miner 0']!.mean).toBeCloseTo(1 / 3, 2)
  })

  test.each([
    ['double-spend', ['--alpha', '0.3', '--confirmations', '2'], 0.432],
    ['feather-fork', ['--alpha', '0.3', '--give-up', '1', '--target-share', '0.2'], 0.09],
  ])('%s tells how often it succeeds', async (attack, flags, expectedShare) => {
    const { figures, expected } = await mine(['--attack', attack, ...flags])
    expect(expected[0]!.value).toBeCloseTo(expectedShare, 10)
    const { mean, ci95 } = (figures.attack as Estimates<NonNullable<MineFigures['attack']>>)
      .success_share
    expect(Math.abs(mean - expectedShare)).toBeLessThan(2 * ci95)
  })

  test('behavior: the same seed prints the same text', async () => {
    const flags = ['mine', ...small, '--delay', 'exponential:30s', '--retarget']
    const [one, other] = [await runHere(flags), await runHere(flags)]
    expect(other.stdout).toBe(one.stdout)
    expect((await runHere([...flags, '--seed', 'another'])).stdout).not.toBe(one.stdout)
  })

  test.each([
    [['--delay', 'soon'], "--delay is a span such as 2s or 150ms, not 'soon'."],
    [['--delay', 'lognormal:2s'], '--delay is a span, exponential:<mean>'],
    [['--interval', '0'], "--interval is a span above 0 such as 600s or 150ms, not '0'."],
    [['--interval', '0ms'], "--interval is a span above 0 such as 600s or 150ms, not '0ms'."],
    [['--blocks', '3000000000'], 'The number of blocks is whole, from 1 to 2000000000.'],
    [['--attack', 'selfsh'], '--attack is one of honest, selfish, optimal'],
    [['--attack', 'selfish', '--alpha', '1.5'], '--alpha is a share between 0 and 1, not 1.5.'],
    [['--attack', 'selfish', '--gamma', '7'], '--gamma is a share from 0 to 1, not 7.'],
    [['--alpha', '0.3'], '--alpha is the share of an --attack.'],
    [['--pools', '1999'], "--pools is one of 2016, 2025, not '1999'."],
    [['--pools', '2016', '--shares', '1,2'], 'give one of them'],
    [['--shares', '1,x'], '--shares are numbers with commas'],
    [['--shares', '0.5,,0.5'], '--shares are numbers with commas'],
    [['--shares', '0,0'], '--shares are numbers with commas'],
  ])('error: %j', async (flags, message) => {
    const { code, stdout, stderr } = await runHere(['mine', ...flags])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })
})
