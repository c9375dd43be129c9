import type { ReplicatedResult, ReportInput, RunResult } from '@counterpoise/lab'
import { describe, expect, test } from 'vitest'
import { answer, question, questionOf } from './answer.ts'
import { exampleInput, exampleReplicatedInput } from './testing/exampleInput.ts'
import { idleInput } from './testing/idleInput.ts'
import { withRails } from './testing/withRails.ts'

const textOf = (input: ReportInput): string =>
  answer(input)
    .map(({ topic, text }) => `${topic}: ${text}`)
    .join('\n')

test('the answer is computed from the numbers', () => {
  expect(wrap(textOf(exampleInput()), 90)).toMatchInlineSnapshot(`
    "What it buys: Operators that together hold more than half of the power: 1 on visa, 3 on
    bitcoin, 5 on tempo and 9 on ethereum. In the outage, ethereum, with the most, included 82
    % of the payments intended then; visa, with the fewest, 18 %. Their number alone does not
    decide it: tempo, with 5, included 99.5 %, more than ethereum with 9.

    What it costs: visa (1 operator holds more than half): nothing final within the run,
    $0.412 and 2.00 Wh a payment; bitcoin (3): final after 59.8 min at the median, $0.874 and
    919 kWh a payment; tempo (5): final after 642 ms at the median, $0.00098 and 533 mWh a
    payment; ethereum (9): final after 15.1 min at the median, $0.0832 and 56.7 Wh a payment.
    By rank alone, time to finality, cost in fees and energy neither rose nor fell throughout
    with the number of operators; the rails differ in more than their distribution.

    Speed: Finality came first on tempo: half of its payments that became final were so within
    642 ms. ethereum took 15.1 min, 1,400 times as long. bitcoin took 59.8 min, 5,600 times as
    long. No payment became final within the run on visa. Of the payments offered, not all
    were final by the end of the run: 96.2 % on bitcoin.

    Fees and energy: Cost in fees, whoever bears them, was least on tempo ($0.00098) and most
    on bitcoin ($0.874, 890 times as much). That is what the router hybrid minimises. Energy
    allocated to a payment was least on tempo (533 mWh) and most on bitcoin (919 kWh,
    1,700,000 times as much): the power of the whole rail over the time in which payments were
    offered, divided by the payments included in that time. It is no marginal cost.

    Outage: Of the payments intended during the 20 min of the outage (us-east-1 is lost), the
    rails included: tempo 99.5 % (longest silence 6.40 s); bitcoin 93 % (longest silence 18.4
    min); ethereum 82 % (longest silence 1.40 min); visa 18 % (longest silence 7.18 min). When
    the outage was over, or the run before it, so many payments were open, neither included
    nor failed: 420 on bitcoin, 1,080 on ethereum, 30 on tempo and 4,920 on visa. Of those
    intended during the outage, so many were open when the run ended: 0.7 % on bitcoin, 1.8 %
    on ethereum, 0.05 % on tempo and 8.2 % on visa.

    The router: Behind the router hybrid, half of the payments that became final were so
    within 690 ms, the fees of a payment came to $0.0127 on average and 99.8 % of those of the
    outage were included. It sent 84.2 % to tempo, 11.5 % to visa, 4.1 % to ethereum and 0.2 %
    to bitcoin. In the outage it included more than tempo, the best of the rails alone (99.5
    %).

    Caution: This is one run with one seed: small differences may be chance, replications
    would tell. Where a number has a margin (95 %) all the same, it is a share of blocks or
    slots, each of which had a chance of its own. bitcoin made only 24 blocks: its times to
    inclusion and to finality hang most on chance. Chains carry these payments and only as
    much other traffic as the scenario assumes. 2 of the 4 parameters whose origin the
    scenario tells are assumed."
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

test('behavior: margins are those of the shares, not of the counts', () => {
  const input = exampleReplicatedInput()
  const { tempo } = input.result.rails as ReplicatedResult['rails']
  const outage = { ...tempo!.outage!, included_share: { mean: 0.8, ci95: 0.013 } }
  const result = { ...input.result, rails: { tempo: { ...tempo!, outage } } }
  const text = textOf({ ...input, result: result as ReplicatedResult })
  expect(text).toContain('(us-east-1 is lost), tempo included 80.0 ± 1.3 % (longest silence')
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

test('behavior: rails in the order of their operators may be dearer throughout', () => {
  const ranks = ['visa', 'bitcoin', 'tempo', 'ethereum']
  const text = textOf(
    withRails((_, name) => {
      const rank = ranks.indexOf(name) + 1
      const time = { mean: 1, p50: rank * 1_000, p95: 9_000, p99: 9_000 }
      const fee = { mean: 9 - rank, p50: 1, p95: 9 }
      return { time_to_finality_ms: time, fee_usd: fee, energy_wh_per_payment: 5 }
    }),
  )
  expect(text).toContain(
    'By rank alone, more operators went with more time to finality and less cost in fees; ' +
      'energy neither rose nor fell throughout with the number of operators; the rails differ',
  )
})

test('behavior: of few replications it says that they make wide intervals', () => {
  const input = exampleReplicatedInput()
  const few = { ...input.result, replications: 3, replications_wanted: 3 } as ReplicatedResult
  expect(textOf(input)).toContain('with 95 % confidence intervals. Chains carry')
  expect(textOf({ ...input, result: few })).toContain(
    'over 3 replications with 95 % confidence intervals, which so few make wide: more replications',
  )
})

test('behavior: many blocks are not put down to chance', () => {
  const many = textOf(
    withRails(({ blocks }) => ({ blocks: blocks && { ...blocks, count: 1_000 } })),
  )
  expect(textOf(exampleInput())).toContain('bitcoin made only 24 blocks')
  expect(many).not.toContain('made only')
  const withCount = (count: number): string =>
    textOf(withRails(({ blocks }) => ({ blocks: blocks && { ...blocks, count } })))
  expect(withCount(99)).toContain('made only 99 blocks')
  expect(withCount(100)).not.toContain('made only')
  const none = withRails(({ blocks }) => ({ blocks: blocks && { ...blocks, count: 0 } }))
  expect(textOf(none)).toContain('bitcoin made no block, which may be chance.')
  const { result, ...input } = exampleReplicatedInput()
  const replicated = (replications: number): string =>
    textOf({ ...input, result: { ...result, replications } as ReportInput['result'] })
  // 24 blocks in each.
  expect(replicated(5)).not.toContain('made only')
  expect(replicated(4)).toContain(
    'bitcoin made only 96 blocks in all replications together: its times to inclusion',
  )
})

test('behavior: changes of validators that came too late are told', () => {
  const withChanges = (planned: number, registered: number): string =>
    textOf(withRails(() => ({ validator_changes: { tempo: { planned, registered } } })))
  const one = 'On tempo, 1 of 3 planned changes of the validators was not registered before the run'
  expect(withChanges(3, 2).split(one)).toHaveLength(2)
  expect(withChanges(3, 1)).toContain('On tempo, 2 of 3 planned changes of the validators were not')
  expect(withChanges(3, 3)).not.toContain('planned changes')
})

test('behavior: more validators down at once than the protocol survives are told', () => {
  const down = {
    ...{ validators: 10, down: 4, failing: 4, survivable: 3 },
    ...{ failing_share: 0.4, survivable_share: 0.3, beyond_s: 90 },
  }
  const withDown = (some: Partial<typeof down>): string =>
    textOf(withRails(() => ({ down: { tempo: { ...down, ...some } } })))
  expect(withDown({}).split('4 of 10')).toHaveLength(2)
  expect(withDown({})).toContain(
    'Caution: On tempo, 4 of 10 validators were down at once, and the protocol survives 3: what ' +
      'it promises need not hold while there are more (1.50 min). This is one run',
  )
  expect(withDown({ beyond_s: 0 })).not.toContain('down at once')
  expect(withDown({ failing: 6, failing_share: 0.7 })).toContain(
    '6 of 10 validators, with 70 % of the votes, were down or departing from the protocol at ' +
      'once, and the protocol survives 30 %',
  )
})

describe('validators that depart from the protocol', () => {
  const figures = {
    ...{ validators: 10, liars: 4, survivable: 3, liars_share: 0.4, survivable_share: 0.3 },
    too_many: true,
  }
  const withLiars = (some: Partial<typeof figures>, count: number): string =>
    textOf(
      withRails(({ blocks }, name) =>
        name === 'tempo' || name === 'hybrid'
          ? { blocks: blocks && { ...blocks, count }, liars: { tempo: { ...figures, ...some } } }
          : { blocks: null },
      ),
    )

  test('default: more than it survives come first in the caution, once', () => {
    const text = withLiars({}, 0)
    expect(text).toContain(
      'Caution: On tempo, 4 of 10 validators depart from the protocol, which survives 3: what it ' +
        'promises need not hold there. This is one run',
    )
    expect(text.match(/On tempo, 4 of 10/g)).toHaveLength(1)
    expect(text).not.toContain('chance. Chains')
    expect(text).not.toContain('made no block')
  })

  test('behavior: the votes are told where they are not equal', () => {
    expect(withLiars({ liars: 1, liars_share: 0.5 }, 0)).toContain(
      '1 of 10 validators, with 50 % of the votes, depart from the protocol, which survives 30 %',
    )
  })

  test('behavior: as many as it survives are no caution, and few blocks are', () => {
    const text = withLiars({ liars: 3, too_many: false }, 0)
    expect(text).not.toContain('depart from the protocol')
    expect(text).toContain('tempo made no block, which may be chance.')
  })
})

test('behavior: a rail alone, and none', () => {
  const input = exampleInput()
  const result = input.result as RunResult
  const { tempo } = result.rails
  const alone = { ...input, result: { ...result, rails: tempo ? { tempo } : {} } }
  const text = textOf(alone)
  expect(text).toContain('On tempo, half of its payments that became final were so within 642 ms.')
  expect(text).toContain('hold more than half of the power: 5 on tempo.\n')
  expect(text).not.toMatch(/more distributed|came first|the rails included/)
  expect(text).toContain('A payment on tempo cost $0.00098 in fees on average, whoever bears them.')
  expect(text).toContain('Energy allocated to a payment was 533 mWh: the power of the whole rail')
  expect(textOf({ ...input, result: { ...result, rails: {} } })).toMatch(/^Caution: /)
})

test('the question is asked of several rails, and of the faults that there are', () => {
  const input = exampleInput()
  const [fault] = input.faults
  expect(questionOf(input)).toBe(question)
  expect(questionOf({ ...input, faults: [] })).toMatch(/what does it cost, under this load\?$/)
  const two = [fault!, fault!]
  expect(questionOf({ ...input, faults: two })).toMatch(/this load and these faults\?$/)
  const { tempo } = input.result.rails
  const result = { ...input.result, rails: { tempo } } as ReportInput['result']
  expect(questionOf({ ...input, result })).toBeUndefined()
  expect(questionOf(idleInput())).toBeUndefined()
})

test('behavior: where all blocks are in the chain, it says so', () => {
  const input = idleInput()
  const { bitcoin } = (input.result as RunResult).rails
  const rails = { bitcoin: { ...bitcoin!, blocks: { ...bitcoin!.blocks!, stale_share: 0 } } }
  const text = textOf({ ...input, result: { ...(input.result as RunResult), rails } })
  expect(text).toContain('one in 9.95 min on average; no other block was made. Of all times')
})

test('behavior: without payments, the answer is on blocks', () => {
  expect(wrap(textOf(idleInput()), 90)).toMatchInlineSnapshot(`
    "Distribution: Operators that together hold more than half of the power: 3 on bitcoin.

    Blocks: The chain of bitcoin got 24 blocks, one in 9.95 min on average; 0.4 +13.8 −0.4 %
    of all blocks made did not get into it. Of all times from the making of a block until it
    was at another node, half were up to 2.10 s and nine in ten up to 5.20 s.

    Caution: This is one run with one seed: small differences may be chance, replications
    would tell. Where a number has a margin (95 %) all the same, it is a share of blocks or
    slots, each of which had a chance of its own. bitcoin made only 24 blocks: its numbers
    hang most on chance. 2 of the 4 parameters whose origin the scenario tells are assumed."
  `)
})

test('behavior: a broken property comes first in the caution', () => {
  const input = exampleInput()
  const checks = { 'money is conserved': 'violated' as const }
  const text = textOf({ ...input, result: { ...input.result, checks } })
  expect(text).toContain('Caution: “money is conserved” did not hold in this run')
})

const wrap = (text: string, columns: number): string =>
  text.replace(new RegExp(`(.{1,${columns}})( |$)`, 'gm'), '$1\n').trimEnd()
