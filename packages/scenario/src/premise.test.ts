import { seconds } from '@counterpoise/engine'
import type { Fault, Selector } from '@counterpoise/faults'
import { expect, test } from 'vitest'
import { livenessPremise } from './premise.ts'
import { builtInModels } from './models.ts'
import { presets } from './presets/index.ts'
import { scenarioOf } from './validate.ts'
import { createWorld } from './world.ts'

const { data } = scenarioOf(presets.hybrid)

const outage = (at: number, length: number, where: Selector): Fault => ({
  ...{ what: 'outage', at: seconds(at), duration: seconds(length), where },
})

/** Since when the premise holds, s, at each of the given times. */
function heldSince(
  rail: string,
  faults: Fault[],
  times: readonly number[],
  scenario = data,
): (number | undefined)[] {
  const premise = livenessPremise({
    rail: createWorld({ data: scenario, variant: rail }).rails[0]!,
    config: scenario.rails[rail]!,
    faults,
    models: builtInModels,
  })
  return times.map((time) => {
    const since = premise.heldSince(seconds(time))
    return since === undefined ? undefined : since / 1e6
  })
}

const [three, two] = [['stripe', 'visa', 'zodia'], ['moneygram', 'validator-5']]

test('default: without faults it holds from the beginning', () => {
  expect(heldSince('tempo', [], [0, 100])).toEqual([0, 0])
})

test('behavior: up to f of the votes may be down, wherever the fault was aimed', () => {
  expect(heldSince('tempo', [outage(10, 10, { name: three })], [9, 10, 20])).toEqual([0, 0, 0])
  expect(heldSince('tempo', [outage(10, 10, { rail: 'visa' })], [9, 10, 20])).toEqual([0, 0, 0])
  expect(heldSince('visa', [outage(10, 10, { rail: 'visa' })], [9, 10, 20])).toEqual([0, 0, 0])
})

test('behavior: faults at the same time add up', () => {
  const both = [outage(10, 20, { name: three }), outage(20, 20, { name: two })]
  const times = [19, 20, 29, 30, 39, 40, 50]
  expect(heldSince('tempo', both, times)).toEqual([
    ...[0, undefined, undefined, 30, 30, 30, 30],
  ])
  const same = [outage(10, 20, { name: three }), outage(20, 20, { name: three })]
  expect(heldSince('tempo', same, [25])).toEqual([0])
})

test('behavior: the last of the access nodes', () => {
  const access = (name: string[]): (number | undefined)[] =>
    heldSince('tempo', [outage(10, 10, { rail: 'tempo', name })], [15, 25])
  expect(access(['rpc-us', 'rpc-eu'])).toEqual([0, 0])
  expect(access(['rpc-us', 'rpc-eu', 'rpc-us-west'])).toEqual([undefined, 20])
})

test('behavior: proof of work promises no time once hash rate is missing', () => {
  expect(heldSince('bitcoin', [outage(10, 10, { name: 'small-1' })], [15, 25])).toEqual([
    ...[undefined, 20],
  ])
  expect(heldSince('bitcoin', [outage(10, 10, { name: 'relay-1' })], [15])).toEqual([0])
  const relays = Array.from({ length: 25 }, (_, k) => `relay-${k + 1}`)
  expect(heldSince('bitcoin', [outage(10, 10, { name: relays })], [15])).toEqual([undefined])
})

test('behavior: stake counts by its weight', () => {
  const large = ['binance', 'coinbase', 'ether-fi']
  expect(heldSince('ethereum', [outage(10, 10, { name: large })], [15])).toEqual([0])
  const more = [...large, 'figment']
  expect(heldSince('ethereum', [outage(10, 10, { name: more })], [15])).toEqual([undefined])
})

test('behavior: leaders in turn, too few of whom are up in a row', () => {
  const draft = structuredClone(presets.libra) as { rails: { libra: object } }
  /** Whether seven members go on when some of them, by their places in the turn, are down. */
  const goesOn = (kind: string, parameters: object, down: readonly number[]): boolean => {
    const consensus = { kind, parameters: { leaders: 'rotation', ...parameters } }
    Object.assign(draft.rails.libra, { consensus, validators: 7, association: undefined })
    const scenario = scenarioOf(draft).data
    const name = down.map((member) => `validator-${member + 1}`)
    return heldSince('libra', [outage(10, 10, { name })], [15], scenario)[0] === 0
  }
  // Four in a row of seven, as far as two that are down leave them.
  expect(goesOn('hotstuff', {}, [0, 3])).toBe(false)
  expect(goesOn('hotstuff', {}, [0, 1])).toBe(true)
  expect(goesOn('hotstuff', {}, [0, 6])).toBe(true)
  // 5, 6, 0 and 1 lead in a row.
  expect(goesOn('hotstuff', {}, [2, 4])).toBe(true)
  expect(goesOn('hotstuff', { contiguousRounds: 2 }, [0, 3])).toBe(true)
  expect(goesOn('hotstuff', { leaders: 'reputation' }, [0, 3])).toBe(true)
  expect(goesOn('jolteon', {}, [0, 3])).toBe(true)
  expect(goesOn('simplex', { leaders: undefined }, [0, 3])).toBe(true)
})
