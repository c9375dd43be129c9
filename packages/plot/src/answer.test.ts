import type { RailResult, ReportInput, RunResult } from '@counterpoise/lab'
import { expect, test } from 'vitest'
import { answer } from './answer.ts'
import { exampleInput, exampleReplicatedInput } from './testing/exampleInput.ts'

const textOf = (input: ReportInput): string =>
  answer(input)
    .map(({ topic, text }) => `${topic}: ${text}`)
    .join('\n')

type Change = (rail: RailResult, name: string) => Partial<RailResult>

const withRails = (change: Change): ReportInput => {
  const input = exampleInput()
  const result = input.result as RunResult
  const rails = Object.fromEntries(
    Object.entries(result.rails).map(([name, rail]) => [name, { ...rail, ...change(rail, name) }]),
  )
  return { ...input, result: { ...result, rails } }
}

test('the answer is computed from the numbers', () => {
  expect(wrap(textOf(exampleInput()), 90)).toMatchInlineSnapshot(`
    "What it buys: Operators that together hold half of the power: 1 on visa, 3 on bitcoin, 5
    on tempo and 9 on ethereum. In the outage, ethereum, with the most, included 82 % of the
    payments intended then; visa, with the fewest, 18 %. Their number alone does not decide
    it: tempo, with 5, included 99.5 %, more than ethereum with 9.

    What it costs: From visa to bitcoin, each further operator goes with +460 kWh a payment.
    From bitcoin to tempo, each further operator goes with −29.9 min to median finality and
    −460 kWh a payment. From tempo to ethereum, each further operator goes with +3.76 min to
    median finality and +14.0 Wh a payment. The rails differ in more than their distribution,
    so these differences are not its price alone.

    Speed: Finality came first on tempo: half of its payments that became final were so within
    642 ms. ethereum took 15.1 min, 1,400 times as long. bitcoin took 59.8 min, 5,600 times as
    long. No payment became final within the run on visa. By the end of the run, of the
    payments offered, only 96.2 % on bitcoin had become final.

    Fees and energy: A payment cost its payer least on tempo ($0.00098) and most on bitcoin
    ($0.874, 890 times as much). It took the least energy on tempo (533 mWh) and the most on
    bitcoin (919 kWh, 1,700,000 times as much).

    Outage: Of the payments intended during the 20 min of the outage (us-east-1 is lost), the
    rails included: tempo 99.5 % (longest silence 6.40 s); bitcoin 93 % (longest silence 18.4
    min); ethereum 82 % (longest silence 1.40 min); visa 18 % (longest silence 7.18 min).

    The router: Behind the router hybrid, half of the payments that became final were so
    within 690 ms, a payment cost $0.0127 on average and 99.8 % of those of the outage were
    included. It sent 84.2 % to tempo, 11.5 % to visa, 4.1 % to ethereum and 0.2 % to bitcoin.
    In the outage it included more than tempo, the best of the rails alone (99.5 %).

    Caution: This is one run with one seed: small differences may be chance, replications
    would tell. 2 of the 4 parameters listed below are assumed."
  `)
})

test('behavior: other numbers, another answer', () => {
  const fast = { mean: 100, p50: 100, p95: 200, p99: 300 }
  const text = textOf(
    withRails((_, name) => (name === 'bitcoin' ? { time_to_finality_ms: fast } : {})),
  )
  expect(text).toContain('Finality came first on bitcoin')
  expect(text).toContain('within 100 ms')
})

test('behavior: replications that cannot tell two rails apart say so', () => {
  const input = exampleReplicatedInput()
  const { tempo } = input.result.rails
  const result = { ...input.result, rails: { tempo, copy: tempo } } as ReportInput['result']
  const text = textOf({ ...input, result })
  expect(text).toContain('tempo (not to be told from copy)')
  expect(text).toContain('No rail is more distributed than another.')
})

test('behavior: what was not measured is not spoken of', () => {
  const text = textOf(
    withRails(() => ({
      time_to_inclusion_ms: null,
      time_to_finality_ms: null,
      fee_usd: null,
      energy_wh_per_payment: null,
      outage: null,
    })),
  )
  expect(text).not.toMatch(/NaN|null|undefined|Infinity|–/)
  expect(text).not.toContain('Outage')
  expect(text).toContain('No payment became final')
})

test('behavior: a rail alone, and none', () => {
  const input = exampleInput()
  const result = input.result as RunResult
  const { tempo } = result.rails
  const alone = { ...input, result: { ...result, rails: tempo ? { tempo } : {} } }
  expect(textOf(alone)).toContain('Finality came first on tempo')
  expect(textOf({ ...input, result: { ...result, rails: {} } })).toMatch(/^Caution: /)
})

test('behavior: a broken property and a limit that was hit come first in the caution', () => {
  const input = exampleInput()
  const checks = { 'money is conserved': 'violated' as const }
  const text = textOf({ ...input, result: { ...input.result, checks, partial: true } })
  expect(text).toContain('Caution: “money is conserved” did not hold in this run')
  expect(text).toContain('A limit ended the run before its time')
})

const wrap = (text: string, columns: number): string =>
  text.replace(new RegExp(`(.{1,${columns}})( |$)`, 'gm'), '$1\n').trimEnd()
