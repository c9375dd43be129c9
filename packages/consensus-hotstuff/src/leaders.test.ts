import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { type BlockId, createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { createLeaders } from './leaders.ts'
import type { HotStuffMessage } from './messages.ts'
import { settingsOf } from './testing.ts'

/** Final blocks of rounds 1, 2, … by these proposers, each signed by it and one other member. */
function createHistory(history: readonly [proposer: number, signer: number][]) {
  const blocks = createBlockStore()
  let top: BlockId = genesis
  history.forEach(([proposer, signer], index) => {
    const data = { signers: [signer] }
    top = blocks.append({ parent: top, proposer, round: index + 1, time: 0, data })
  })
  const finality = { executedFinal: () => top } as Parameters<typeof createLeaders>[1]
  /** Who leads a round, by the number of draws of four members. */
  return (round: number, draws: number): number[] => {
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < draws; draw++) {
      const known: unknown = { blocks, committee: equalCommittee(4), beacon: () => draw }
      const context = known as ReplicaContext<HotStuffMessage>
      const settings = { ...settingsOf(2), leaders: 'reputation' as const }
      counts[createLeaders(context, finality, settings).leaderOf(round)]!++
    }
    return counts
  }
}

describe('leaders by reputation', () => {
  test('default: the last final blocks count, as many as there are members', () => {
    // Of the first two of six, nothing is known any more.
    const drawn = createHistory([[3, 3], [2, 2], [0, 1], [0, 0], [0, 0], [0, 0]])
    expect(drawn(20, 200)).toEqual([99, 99, 1, 1])
  })

  test('behavior: those of the last four rounds do not, as not all may know them', () => {
    const drawn = createHistory([[0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [1, 1], [2, 2]])
    expect(drawn(9, 102)).toEqual([99, 1, 1, 1])
    expect(drawn(10, 200)).toEqual([99, 99, 1, 1])
    expect(drawn(11, 298)).toEqual([99, 99, 99, 1])
  })

  test('behavior: before there are any, members lead in turn', () => {
    const drawn = createHistory([[0, 0], [0, 0]])
    expect([1, 2, 3, 4].map((round) => drawn(round, 1).indexOf(1))).toEqual([0, 1, 2, 3])
    expect(drawn(5, 102)).toEqual([99, 1, 1, 1])
  })
})
