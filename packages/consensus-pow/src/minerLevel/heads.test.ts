import { createStream } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createHeads, type Heads, type TieBreak } from './heads.ts'
import { RecentBlocks } from './recentBlocks.ts'

type Row = { finder: number; created: number; released?: number; parent?: number; work?: number }

const [attacker, other, miner] = [0, 1, 2]
const longest = 5

/** What three miners mine on; a block takes `longest` to each of them. */
function headsOf(...rows: Row[]): Heads {
  const blocks = new RecentBlocks(3, (_from, _to, released) => released + longest)
  for (const { finder, created, released = created, parent = 0, work = 1 } of rows) {
    const block = blocks.append(parent, finder, created, released)
    blocks.works[block & blocks.mask] = blocks.works[parent & blocks.mask]! + work
  }
  return createHeads({ blocks, longest, settled: () => 0, settledHeight: () => 0 })
}

const tie = (gamma: number): TieBreak => ({
  side: Uint8Array.of(1, 0, 0),
  gamma,
  stream: createStream({ seed: 'heads', replication: 0, purpose: 'tie' }),
})

const ways = ['highest', 'heaviest'] as const

describe.each(ways)('the %s block', (way) => {
  test('is one that is there, from the instant in which it comes', () => {
    const heads = headsOf({ finder: other, created: 10 }, { finder: attacker, created: 12 })
    expect([14, 15, 17, 30].map((now) => heads[way](miner, now))).toEqual([0, 1, 1, 1])
    // A finder has its own at once.
    expect([12, 14, 30].map((now) => heads[way](attacker, now))).toEqual([2, 2, 2])
    const alone = headsOf({ finder: other, created: 10 })
    expect([14, 15].map((now) => alone[way](miner, now))).toEqual([0, 1])
  })

  test('is the first of two, and of two at once the older one', () => {
    const atOnce = headsOf({ finder: other, created: 10 }, { finder: attacker, created: 10 })
    expect(atOnce[way](miner, 15)).toBe(1)
    const shown = { finder: attacker, created: 8, released: 10 }
    const withheld = headsOf(shown, { finder: other, created: 10 })
    expect(withheld[way](miner, 15)).toBe(2)
  })

  test('is of the attacker’s and the others’ the one that gamma says, where both are there', () => {
    const rows = [
      { finder: attacker, created: 8, released: 10 },
      { finder: other, created: 10 },
    ]
    const heads = headsOf(...rows)
    expect([0, 1].map((gamma) => heads[way](miner, 15, tie(gamma)))).toEqual([2, 1])
    expect(heads[way](miner, 14, tie(1))).toBe(0)
    // With one of them only there is nothing to choose.
    expect([0, 1].map((gamma) => headsOf(rows[0]!)[way](miner, 15, tie(gamma)))).toEqual([1, 1])
    expect([0, 1].map((gamma) => headsOf(rows[1]!)[way](miner, 15, tie(gamma)))).toEqual([1, 1])
    const late = headsOf(rows[0]!, { finder: other, created: 12 })
    expect([15, 17].map((now) => late[way](miner, now, tie(0)))).toEqual([1, 2])
    const early = headsOf({ finder: attacker, created: 8, released: 12 }, rows[1]!)
    expect([15, 17].map((now) => early[way](miner, now, tie(1)))).toEqual([2, 1])
  })
})

describe('where difficulties differ', () => {
  const rows = [
    { finder: other, created: 10, work: 2 },
    { finder: attacker, created: 11, work: 0.75 },
    { finder: attacker, created: 12, work: 0.75, parent: 2 },
  ]

  test('the heaviest is not the highest', () => {
    const heads = headsOf(...rows)
    expect(heads.heaviest(miner, 30)).toBe(1)
    expect(heads.highest(miner, 30)).toBe(3)
    expect([0, 1].map((gamma) => heads.heaviest(miner, 30, tie(gamma)))).toEqual([1, 1])
  })

  test('an attacker’s branch of more work wins whatever gamma is', () => {
    const heads = headsOf(...rows, { finder: attacker, created: 13, work: 0.75, parent: 3 })
    expect([0, 1].map((gamma) => heads.heaviest(miner, 30, tie(gamma)))).toEqual([4, 4])
    expect(heads.heaviest(miner, 17, tie(1))).toBe(1)
  })

  test('of two heights with the same work the one that came first stays', () => {
    const level = headsOf(...rows.slice(1), { finder: other, created: 10, work: 1.5 })
    expect(level.heaviest(miner, 30)).toBe(3)
    const later = headsOf(...rows.slice(1).map((row, k) => ({ ...row, parent: k })), {
      ...{ finder: other, created: 20, work: 1.5 },
    })
    expect(later.heaviest(miner, 30)).toBe(2)
  })
})
