import { presets, scenarioOf, vary } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { inProcess } from './executor.ts'
import { reportInputOf } from './reportInput.ts'
import { runScenario, type ScenarioOutcome } from './runScenario.ts'

const small = vary(presets.hybrid, (draft) => {
  const { tempo, visa } = presets.hybrid.rails
  draft.rails = { tempo, visa }
  draft.workload.for = '5s'
  draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 1 }]
  draft.drain = '5s'
  draft.faults = []
})

const outcome = await runScenario(scenarioOf(small), { executor: inProcess() })

/** The outcome of some of the variants alone. */
const only = (...names: string[]): ScenarioOutcome => {
  const rails = Object.entries(outcome.result.rails).filter(([name]) => names.includes(name))
  const result = { ...outcome.result, rails: Object.fromEntries(rails) }
  return { ...outcome, result } as ScenarioOutcome
}

test('default: the title counts what was compared', () => {
  const titles = [outcome, only('tempo', 'visa'), only('visa'), only('hybrid'), only()].map(
    (each) => reportInputOf(each).title,
  )
  expect(titles).toEqual([
    'hybrid: two rails and a router under one load',
    'hybrid: two rails under one load',
    'hybrid: one rail under one load',
    'hybrid: a router over two rails under one load',
    'hybrid',
  ])
})

test('behavior: what an interruption left out is counted all the same', () => {
  const { result, ...rest } = only('visa')
  const cut = ['tempo', 'hybrid'].map((rail) => ({
    ...{ rail, by: 'interruption' as const, at_s: null },
  }))
  const { title } = reportInputOf({ ...rest, result: { ...result, cut } })
  expect(title).toBe('hybrid: two rails and a router under one load')
})

test('behavior: where nothing is offered, there is no load to speak of', () => {
  const idle = vary(small, (draft) => {
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 0 }]
  })
  const { title, summary } = reportInputOf({ ...only('visa'), scenario: scenarioOf(idle) })
  expect(title).toBe('hybrid: one rail')
  expect(summary).toContain('No payments are offered.')
})

test('default: the summary tells how much is offered, and what is broken when', () => {
  const scenario = scenarioOf(
    vary(small, (draft) => {
      draft.description = 'A test'
      draft.workload.for = '2h'
      draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 0.5 }]
      draft.until = '1h30m'
      draft.faults = [
        {
          ...{ what: 'outage', at: '10m', for: '90s', where: { name: 'visa', rail: 'tempo' } },
          repeat: { every: '30m', times: 2 },
        },
      ]
    }),
  )
  const { faults, offered_until_s, summary } = reportInputOf({ ...outcome, scenario })
  expect(summary).toBe(
    'A test. About 2,700 payments are offered over 1h 30m. ' +
      'Faults: visa, tempo down from 10m for 1m 30s, again every 30m, 2 times in all.',
  )
  expect(offered_until_s).toBe(5_400)
  expect(faults.map(({ from_s, until_s }) => [from_s, until_s])).toEqual([
    ...[[600, 690], [2_400, 2_490]],
  ])
})

test('behavior: what goes on beyond the end of the run, and what would only come then', () => {
  const visa = { what: 'outage', where: { rail: 'visa' } } as const
  const scenario = scenarioOf(
    vary(small, (draft) => {
      draft.workload.for = '25s'
      draft.until = '30s'
      draft.faults = [
        { ...visa, at: '20s', for: '1m' },
        { ...visa, at: '30s', for: '3s' },
      ]
    }),
  )
  const { faults, summary } = reportInputOf({ ...outcome, scenario })
  expect(faults.map(({ from_s, until_s }) => [from_s, until_s])).toEqual([[20, 30]])
  expect(summary).toContain(
    'Faults: visa down from 20s for 1m; ' +
      'visa down from 30s for 3s, which is after the end of the run.',
  )
})

test('default: the command is what the caller says, and none is made up', () => {
  expect(reportInputOf(outcome).command).toBeUndefined()
  const command = 'npx counterpoise run hybrid --until 5m'
  expect(reportInputOf(outcome, { command }).command).toBe(command)
})
