import { createStream } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { presence } from './epochBehaviour.ts'
import { runEpochs } from './epochRun.ts'
import { createBeaconState } from './validatorGroup.ts'

const online = { kind: 'online' } as const
const epochs = 20

/** Validators of 33 ETH; a half of the 640 slots, and five deviations of 12.6, has no block. */
function runHalf() {
  const groups = [{ entity: 'one', count: 12_000, balanceEther: 33 }]
  const state = createBeaconState({ groups, start: 'running' })
  const heads: number[] = []
  runEpochs({
    ...{ state, behaviours: [online], epochs, withdrawals: true, missedSlotProbability: 0.5 },
    stream: createStream({ seed: 'halves', replication: 0, purpose: 'blocks' }),
    onEpoch: (_state, votes) => void heads.push(votes.head / state.activeEther),
  })
  return { heads, state }
}

test('blocks alone sweep balances, and the votes before a missed slot lose their heads', () => {
  const { heads, state } = runHalf()
  // Sixteen withdrawals of an ETH and a little more in each block.
  const withdrawn = Number(state.withdrawnGwei) / 16e9
  expect(Math.abs(withdrawn - 320)).toBeLessThan(70)
  // The flags of the running start were all set.
  const later = heads.slice(1)
  const mean = later.reduce((sum, share) => sum + share, 0) / later.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.12)
})

test('who is offline from one epoch until another is there in that', () => {
  const behaviour = { kind: 'offline', from: 3, until: 5 } as const
  expect([2, 3, 4, 5, 6].map((epoch) => presence(behaviour, epoch))).toEqual([1, 0, 0, 1, 1])
  expect([2, 3, 9].map((epoch) => presence({ kind: 'offline', from: 3 }, epoch))).toEqual([1, 0, 0])
})
