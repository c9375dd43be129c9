import type { Member } from '@counterpoise/consensus'
import { createSimulation, seconds } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { slashMembers } from '../transition/slashing.ts'
import { createBeaconState } from '../transition/validatorGroup.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'
import { paymentDelays } from './outcomes.ts'
import { stakeRecordsOf } from './stakeFigures.ts'

test('a block that comes by way of a relay holds what there was before that way', () => {
  const simulation = createSimulation({ seed: 'legs' })
  simulation.run({ until: seconds(30) })
  const source = (leg: number) => ({ builder: 'b', relay: 'r', censors: false, leg: seconds(leg) })
  const blocks = [
    { slot: -1, parent: -1, time: 0 },
    { slot: 2, parent: 0, time: seconds(24), source: source(3) },
    { slot: 3, parent: 1, time: seconds(36), source: source(0) },
  ]
  const network = {
    ...{ chain: { blocks }, headOf: () => 2, listedUntil: () => 0 },
    measures: { justifiedAt: () => undefined, finalAt: () => undefined },
  } as unknown as BeaconNetwork
  // Offered at 0, 20.4 and 40.8 s, with half a second of way: fixed at 21 s, published at 24 s.
  const delays = (every: number) => paymentDelays(simulation, network, { every: seconds(every) })
  expect(delays(20.4)).toMatchObject({ inclusionSeconds: [24, 3.6], offered: 2, notFinal: 2 })
  // What comes at 21.1 s has to wait for the next block.
  expect(delays(20.6).inclusionSeconds).toEqual([24, 15.4])
})

test('slashed validators are counted one by one, with their effective balances', () => {
  const groups = ['a', 'b'].map((entity) => ({ entity, count: 100 }))
  const [start, end] = [0, 1].map(() => createBeaconState({ groups, start: 'running' }))
  slashMembers(end!, 0, 3)
  slashMembers(end!, 1, 5)
  const members = ['x', 'y'].map((operator): Member => ({
    ...{ name: operator, weight: 1, attributes: { region: 'home', operator } },
  }))
  const network = {
    chain: { blocks: [start, end].map((beacon) => ({ epochState: { beacon }, parent: 0 })) },
    ...{ headOf: () => 1, measures: { summary: () => ({ reorgDepths: [2, 1, 2] }) } },
  } as unknown as BeaconNetwork
  const records = stakeRecordsOf(network, members, { node: 0, slotTime: seconds(12) })
  expect(records.slashed).toEqual({ validators: 8, effectiveEther: 8 * 32 })
  expect([...records.reorgDepths]).toEqual([[1, 1], [2, 2]])
  // A 4,096th of 32 ETH is lost at once.
  const lost = BigInt(3 * (32e9 / 4_096))
  expect(records.balancesByOperator.get('x')).toEqual({
    ...{ start: 3_200_000_000_000n, end: 3_200_000_000_000n - lost },
  })
})
