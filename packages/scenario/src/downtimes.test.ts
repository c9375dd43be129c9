import { seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { broken, type Draft } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld, type World } from './world.ts'

const outage = (at: string, length: string, where: Draft): Draft => ({
  ...{ what: 'outage', at, for: length, where },
})

function downtimes(
  preset: 'bitcoin' | 'tempo',
  faults: Draft[],
  change: (rail: Draft) => void = () => undefined,
): World['downtimes'][string] {
  const data = broken(preset, (draft) => {
    draft.faults = faults
    change(draft.rails[preset])
  })
  return createWorld({ data: scenarioOf(data).data, variant: preset }).downtimes[preset]!
}

const span = (from: number, to: number) => ({ from: seconds(from), to: seconds(to) })
const [three, two] = [
  { name: ['visa', 'stripe', 'zodia'] },
  { name: ['moneygram', 'stripe'] },
]

test('default: how many are down at a time, each once, and whether they are too many', () => {
  expect(downtimes('tempo', [])).toEqual([])
  const of = { voters: 10, limit: 3, survivable: 0.3 }
  const faults = [outage('10s', '20s', three), outage('20s', '20s', two)]
  expect(downtimes('tempo', faults)).toEqual([
    { ...of, ...span(10, 20), down: 3, lostVoters: 3, lost: 0.3, isTooMany: false },
    { ...of, ...span(20, 30), down: 4, lostVoters: 4, lost: 0.4, isTooMany: true },
    { ...of, ...span(30, 40), down: 2, lostVoters: 2, lost: 0.2, isTooMany: false },
  ])
})

test('behavior: between outages nobody is down, and access nodes are no validators', () => {
  const faults = [outage('10s', '5s', two), outage('30s', '5s', two)]
  const found = downtimes('tempo', [...faults, outage('1s', '50s', { name: 'rpc-us' })])
  expect(found.map(({ from, to }) => ({ from, to }))).toEqual([span(10, 15), span(30, 35)])
})

test('behavior: those that lie are lost as well, and count once', () => {
  const lying = (rail: Draft): void => {
    rail.behaviours = [{ what: 'silent', where: { name: ['visa', 'moneygram'] } }]
  }
  expect(downtimes('tempo', [outage('10s', '5s', three)], lying)).toMatchObject([
    { down: 3, lostVoters: 4, isTooMany: true },
  ])
})

test('behavior: less hash rate breaks no promise', () => {
  const all = outage('10s', '5s', { role: 'validator' })
  expect(downtimes('bitcoin', [all])).toEqual([])
  expect(downtimes('tempo', [all])).toMatchObject([{ down: 10, isTooMany: true }])
})
