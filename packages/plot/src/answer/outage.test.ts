import type { ReportInput } from '@counterpoise/lab'
import { expect, test } from 'vitest'
import { answer } from '../answer.ts'
import { exampleInput } from '../testing/exampleInput.ts'
import { withRails } from '../testing/withRails.ts'

const textOf = (input: ReportInput): string =>
  answer(input)
    .map(({ text }) => text)
    .join('\n')

const outages: Record<string, { failed: number; reasons: Record<string, number> }> = {
  ethereum: { failed: 2_000, reasons: { 'no access': 2_000 } },
  visa: { failed: 1_000, reasons: { 'no access': 750, declined: 200, 'timed out': 50 } },
}

const withOutages = (): ReportInput =>
  withRails(({ outage }, name) => {
    const { failed, reasons } = outages[name] ?? { failed: 0, reasons: {} }
    const shares = Object.entries(reasons).map(([reason, count]) => [reason, count / 6_000])
    const fate = {
      ...{ included: 6_000 - failed, included_share: 1 - failed / 6_000 },
      ...{ failed, failed_share: failed / 6_000, failed_by_reason: reasons },
      failed_share_by_reason: Object.fromEntries(shares),
    }
    return { outage: outage && { ...outage, ...fate } }
  })

test('behavior: failure for want of access is told from what consensus did not withstand', () => {
  const text = textOf(withOutages())
  expect(text).toContain('all on ethereum (33.3 % failed) and 75 % on visa (16.7 % failed)')
  expect(text).toContain('Inclusion went on meanwhile on ethereum, as its silence shows.')
  expect(text).toContain('Payments declined or without funds (3.3 % on visa) are no effect')
  // Nothing is concluded from the operators to the outage.
  expect(text).toContain('on visa and ethereum most of what failed then failed because its payer')
  expect(text).not.toMatch(/In the outage, ethereum|Their number alone/)
})

test('behavior: what a fault left open is told, when it was over and at the end', () => {
  const left = (open: number): ReportInput =>
    withRails(({ outage }, name) => ({
      outage: outage && { ...outage, open, open_share: open / 6_000, open_when_over: 2 * open },
      ...(name === 'visa' && { outage: null }),
    }))
  expect(textOf(left(600))).toContain(
    'When the outage was over, or the run before it, so many payments were open, neither ' +
      'included nor failed: 1,200 on bitcoin, 1,200 on ethereum and 1,200 on tempo. Of those ' +
      'intended during the outage, so many were open when the run ended: 10 % on bitcoin, 10 %',
  )
  expect(textOf(left(0))).not.toContain('were open')
  const [fault] = exampleInput().faults
  const twice = textOf({ ...left(600), faults: [fault!, fault!] })
  expect(twice).toContain('When a fault was over, or the run before it, at most so many payments')
  expect(twice).toContain('Of those intended during the faults, so many were open')
})
