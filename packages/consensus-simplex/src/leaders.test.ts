import { expect, test } from 'vitest'
import type { Core } from './core.ts'
import { isLeaderSilent } from './leaders.ts'

/** In view 100, with leader 1. */
const isSilent = (heardOfLeader: number, followedSince: number): boolean =>
  isLeaderSilent({
    ...{ view: 100, leader: 1, followedSince, heard: [99, heardOfLeader, 99] },
    settings: { skipViews: 32 },
  } as unknown as Core)

test('default: a leader without a vote in the last 32 views is skipped', () => {
  expect([67, 68].map((heard) => isSilent(heard, 1))).toEqual([true, false])
})

test('behavior: who has not followed so many views skips nobody', () => {
  expect([68, 69].map((since) => isSilent(0, since))).toEqual([true, false])
})
