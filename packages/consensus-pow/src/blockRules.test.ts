import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { blockRulesOf } from './blockRules.ts'
import { nakamotoParameters } from './parameters.ts'
import { createMiners, createWorkChain, type WorkChain } from './testing.ts'

const plain = { retarget: 'none' } as const
const rulesOf = ({ blocks }: WorkChain, input: object = plain) =>
  blockRulesOf(nakamotoParameters.parse(input), blocks)

/** A chain with these timestamps, s. */
function chainAt(...times: number[]): WorkChain {
  const chain = createWorkChain()
  times.forEach((time, parent) => chain.add(parent, time))
  return chain
}

describe('the median time past', () => {
  // With the genesis block at 0, sorted, the last eleven; of an even number the later of the two
  // in the middle, as Bitcoin Core has it.
  test.each([
    [[], 0],
    [[10], 10],
    [[10, 20], 10],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 50],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 60],
    [[1_000, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 70],
    [[1_000, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120], 70],
    [[10, 1_000, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 70],
    [[900, 800, 700, 600, 500, 400, 300, 200, 100, 50, 25], 400],
  ])('of %o: %i s', (times, median) => {
    const chain = chainAt(...times)
    const { isValid, timestamp } = rulesOf(chain)
    const parent = times.length
    expect(timestamp(parent, 0)).toBe(seconds(median + 1))
    expect(isValid(chain.add(parent, median))).toBe(false)
    expect(isValid(chain.add(parent, median + 1))).toBe(true)
  })

  test('an honest block bears the full second of its making, where that is allowed', () => {
    const { timestamp } = rulesOf(chainAt(10, 20, 30))
    expect(timestamp(3, seconds(99.999))).toBe(seconds(99))
    expect(timestamp(3, seconds(5))).toBe(seconds(21))
  })

  test('Ethereum: later than the parent', () => {
    const chain = chainAt(10, 20, 30)
    const rules = rulesOf(chain, { retarget: 'byzantium' })
    expect(rules.timestamp(3, seconds(5))).toBe(seconds(31))
    const difficulty = rules.difficulty(3, seconds(31))
    expect(rules.isValid(chain.add(3, 30, { difficulty: rules.difficulty(3, seconds(30)) }))).toBe(
      false,
    )
    expect(rules.isValid(chain.add(3, 31, { difficulty }))).toBe(true)
  })
})

describe('what a timestamp may be', () => {
  test('from the first after the median to the last full second that nodes take', () => {
    const rules = rulesOf(chainAt(10, 20, 30), { ...plain, futureLimitMs: 60_000 })
    const range = { earliest: seconds(21), latest: seconds(69), endsPeriod: false }
    expect(rules.stampRange(3, seconds(9.9))).toEqual({ now: seconds(9.9), ...range })
  })

  test('a period ends with the block before a multiple of the interval', () => {
    const chain = chainAt(10, 20, 30, 40, 50)
    // Blocks of heights 2 and 5, on parents 1 and 4: those above them have new difficulties.
    const ends = (retarget: string): number[] => {
      const rules = rulesOf(chain, { retarget, retargetInterval: 3 })
      return [0, 1, 2, 3, 4, 5].filter((parent) => rules.stampRange(parent, 0).endsPeriod)
    }
    expect(ends('bitcoin')).toEqual([1, 4])
    expect(ends('digishield')).toEqual([])
  })
})

test('behavior: rules with other parameters on the same blocks are others', () => {
  const chain = chainAt(10)
  const [short, long] = [15_000, 60_000].map((futureLimitMs) => rulesOf(chain, { futureLimitMs }))
  expect(short!.acceptedFrom(1)).toBe(seconds(-5))
  expect(long!.acceptedFrom(1)).toBe(seconds(-50))
})

test('Ethereum: who mines now works at the difficulty of a block with the timestamp of now', () => {
  const { difficultyNow } = rulesOf(chainAt(10, 20, 30), { retarget: 'byzantium' })
  // 1 − ⌊seconds since the parent / 9⌋ parts of 2048.
  expect(difficultyNow(3, seconds(31))).toBe(1 + 1 / 2_048)
  expect(difficultyNow(3, seconds(60.5))).toBe(1 - 2 / 2_048)
})

describe('a block is refused', () => {
  test.each([0.999, 1.001, 4])('with a difficulty of %f for 1', (difficulty) => {
    const chain = chainAt(10)
    expect(rulesOf(chain).isValid(chain.add(1, 20, { difficulty }))).toBe(false)
  })

  test('with more work than its difficulty', () => {
    const { blocks } = createWorkChain()
    const data = { difficulty: 1, timestamp: seconds(10) }
    const shared = { parent: 0, proposer: 0, time: seconds(10), round: 1, data }
    const rules = blockRulesOf(nakamotoParameters.parse(plain), blocks)
    expect(rules.isValid(blocks.append({ ...shared, work: 2 }))).toBe(false)
    expect(rules.isValid(blocks.append({ ...shared, work: 1 }))).toBe(true)
  })
})

describe('a timestamp ahead of a node', () => {
  test('is taken from two hours before it on', () => {
    const { acceptedFrom } = rulesOf(chainAt(10_000))
    expect(acceptedFrom(1)).toBe(seconds(10_000 - 7_200))
    const ethereum = chainAt(100)
    expect(rulesOf(ethereum, { futureLimitMs: 15_000 }).acceptedFrom(1)).toBe(seconds(85))
  })

  /**
   * The heads of a node at times, s, that gets a chain of blocks at 0; each has a timestamp so many
   * seconds ahead. It may be down from 10 to 20 s.
   */
  const headsAt = (ahead: readonly number[], at: readonly number[], isDown = false): number[] => {
    const miners = createMiners({
      weights: [1, 0],
      parameters: { retarget: 'none', futureLimitMs: 60_000, targetIntervalMs: 1e12 },
    })
    const { simulation, cluster, blocks } = miners
    ahead.forEach((timestamp, parent) => {
      const data = { difficulty: 1, timestamp: seconds(timestamp) }
      const shared = { proposer: 0, time: 0, round: parent + 1, work: 1, data }
      const block = blocks.append({ ...shared, parent })
      cluster.network.send(0, 1, { type: 'block', block }, 100)
    })
    return at.map((time) => {
      if (isDown && time > 10) {
        simulation.run({ until: seconds(10) })
        cluster.network.takeDown(1)
        simulation.run({ until: seconds(20) })
        cluster.network.bringUp(1)
      }
      simulation.run({ until: seconds(time) })
      return cluster.head(1)
    })
  }

  test('behavior: a node keeps the block and takes it when it may', () => {
    expect(headsAt([60], [0])).toEqual([1])
    expect(headsAt([100], [0, 39.9, 40])).toEqual([0, 0, 1])
  })

  test('behavior: of several blocks that it keeps it takes each when it may', () => {
    expect(headsAt([100, 200], [39.9, 40, 139.9, 140])).toEqual([0, 1, 1, 2])
    expect(headsAt([200, 210], [139.9, 149.9, 150])).toEqual([0, 1, 2])
  })

  test('behavior: it takes what it has kept after an outage as well', () => {
    expect(headsAt([100], [40], true)).toEqual([1])
    expect(headsAt([100], [39.9], true)).toEqual([0])
  })
})
