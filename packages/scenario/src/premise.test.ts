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
): (number | undefined)[] {
  const premise = livenessPremise({
    rail: createWorld({ data, variant: rail }).rails[0]!,
    config: data.rails[rail]!,
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
