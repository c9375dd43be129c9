import { emptyBlocks } from '@counterpoise/consensus'
import { ms, seconds } from '@counterpoise/engine'
import { type BlockId, createBlockStore } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { baseView, epochOfView, viewWithin } from './epochs.ts'
import { MembershipError } from './errors.ts'
import { messageTypes } from './messages.ts'
import { altered, createTrial, hop, outcomesOf, problemsOf, votersByEpoch } from './testing.ts'

describe('an epoch', () => {
  const epochBlocks = 10
  const trial = createTrial({ voters: 4, followers: 1, parameters: { epochBlocks } })
  trial.run(seconds(120))
  const { blocks } = trial.cluster
  const ends = trial.proposed.filter(
    ({ block }) => blocks.height(block) % epochBlocks === epochBlocks - 1,
  )

  test('ends with its last block; the next one starts when that is final', () => {
    expect(ends.length).toBeGreaterThan(15)
    for (const [epoch, { time, block }] of ends.slice(0, -1).entries()) {
      expect(trial.timesOf(trial.finalised, block).slice(0, 4)).toEqual(
        [0, 1, 2, 3].map(() => time + 3 * hop),
      )
      const next = trial.proposed.find((entry) => blocks.parent(entry.block) === block)!
      expect(next.time).toBe(time + 3 * hop + ms(500))
      expect(blocks.round(next.block)).toBe(baseView(epoch + 1) + 1)
      // View 1 of epoch e is led by the member (e + 1) mod n.
      expect(next.node).toBe((epoch + 2) % 4)
    }
    expect(problemsOf(trial)).toEqual([])
  })

  test('the last block is proposed again until it is final, and reported once', () => {
    for (const { block } of ends.slice(0, -1)) {
      const views = [...trial.witness.views()].filter(([, { notarise }]) =>
        [...notarise.values()].some((signed) => signed.has(block)),
      )
      // Its own view and the one that begins a hop before it is final.
      expect(views).toHaveLength(2)
      expect(trial.timesOf(trial.notarised, block)).toHaveLength(5)
      expect(trial.timesOf(trial.finalised, block)).toHaveLength(5)
    }
  })

  test('behavior: without finality no block is built on the last one', () => {
    // Three of four keep their finalise votes to themselves in views 9 to 20 of each epoch.
    const withholding = altered(({ broadcast }) => ({
      broadcast: (message, bytes) => {
        const isKept =
          message.type === messageTypes.finalise &&
          viewWithin(message.view) >= 9 &&
          viewWithin(message.view) <= 20
        if (!isKept) broadcast(message, bytes)
      },
    }))
    const late = createTrial({
      voters: 4,
      parameters: { epochBlocks },
      behaviours: new Map([0, 1, 2].map((node) => [node, withholding])),
    })
    late.run(seconds(60))
    const { blocks: store } = late.cluster
    const last = late.proposed.filter(({ block }) => store.height(block) === epochBlocks - 1)
    expect(last).toHaveLength(1)
    const { time, block } = last[0]!
    const certified = [...late.witness.views()].filter(([, { notarised }]) => notarised.has(block))
    expect(certified.map(([view]) => view)).toEqual(Array.from({ length: 13 }, (_, i) => i + 9))
    // Views 9 to 20 take 2 hops each, as nothing is built; view 21 makes it final.
    expect(late.timesOf(late.finalised, block)).toEqual(
      [0, 1, 2, 3].map(() => time + (12 * 2 + 3) * hop),
    )
    expect(late.timesOf(late.notarised, block)).toEqual([0, 1, 2, 3].map(() => time + 2 * hop))
    expect(problemsOf(late)).toEqual([])
  })
})

describe('what a leader may not propose', () => {
  test('behavior: a block on the last one of an epoch', () => {
    const children: number[] = []
    const lying = altered(({ blocks, broadcast, build, self }) => ({
      broadcast: (message, bytes) => {
        const isAgain =
          message.type === messageTypes.notarise &&
          blocks.height(message.block) % 10 === 9 &&
          blocks.round(message.block) < message.view
        if (!isAgain) {
          broadcast(message, bytes)
          return
        }
        const child = build(message.block, { round: message.view, bytes: 800 })
        expect(blocks.proposer(child)).toBe(self)
        children.push(child)
        broadcast({ type: messageTypes.block, view: message.view, block: child }, 825)
        broadcast({ ...message, block: child }, bytes)
      },
    }))
    const trial = createTrial({
      voters: 4,
      parameters: { epochBlocks: 10 },
      behaviours: new Map([[0, lying]]),
    })
    trial.run(seconds(120))
    expect(children.length).toBeGreaterThan(5)
    for (const child of children) expect(trial.timesOf(trial.notarised, child)).toEqual([])
    // Nobody else votes for one, either.
    for (const { notarise } of trial.witness.views().values()) {
      const voters = [...notarise].filter(([, signed]) => children.some((id) => signed.has(id)))
      expect(voters.every(([node]) => node === 0)).toBe(true)
    }
    expect(trial.agreement.conflicts()).toEqual([])
  })

  test('behavior: a block that is not the last one, again', () => {
    const lazy = altered(() => ({ build: (parent) => parent }))
    const trial = createTrial({
      voters: 4,
      parameters: { epochBlocks: 10 },
      behaviours: new Map([[0, lazy]]),
    })
    trial.run(seconds(60))
    const { blocks } = trial.cluster
    const again = [...trial.witness.views()].filter(([view, { notarise }]) =>
      [...(notarise.get(0) ?? [])].some((block) => blocks.round(block) < view),
    )
    expect(again.length).toBeGreaterThan(5)
    expect(problemsOf(trial)).toEqual([])
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(50)
  })
})

describe('changes of the committee', () => {
  test('one registered in epoch E takes effect in E + 2, to join and to leave', () => {
    const trial = createTrial({
      voters: 4,
      followers: 2,
      parameters: {
        epochBlocks: 60,
        membership: [
          { epoch: 0, member: 4, weight: 1 },
          { epoch: 1, member: 0, weight: 0 },
          { epoch: 2, member: 5, weight: 1 },
        ],
      },
    })
    trial.run(seconds(60 * 6))
    expect(votersByEpoch(trial).slice(0, 6)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ])
    expect(outcomesOf(trial).every(({ succeeded }) => succeeded)).toBe(true)
    // Who leads is in the committee, and everybody in it leads.
    const { blocks } = trial.cluster
    const leaders = trial.proposed
      .filter(({ block }) => epochOfView(blocks.round(block)) === 3)
      .map(({ node }) => node)
    expect(new Set(leaders)).toEqual(new Set([1, 2, 3, 4]))
    expect(problemsOf(trial)).toEqual([])
  })

  test('the new committee sets how many may fail', () => {
    const membership = [4, 5, 6].map((member) => ({ epoch: 0, member, weight: 1 }))
    const trial = createTrial({
      voters: 4,
      followers: 3,
      parameters: { epochBlocks: 40, membership },
    })
    trial.run(seconds(75))
    expect(votersByEpoch(trial)[2]).toHaveLength(7)
    const { network } = trial.cluster
    for (const node of [0, 1]) network.takeDown(node)
    trial.run(seconds(80))
    const before = trial.agreement.finalisedCount()
    trial.run(seconds(120))
    expect(trial.agreement.finalisedCount()).toBeGreaterThan(before)
    network.takeDown(2)
    trial.run(seconds(121))
    const halted = trial.agreement.finalisedCount()
    trial.run(seconds(150))
    expect(trial.agreement.finalisedCount()).toBe(halted)
    expect(problemsOf(trial)).toEqual([])
  })

  test('behavior: execution rules may register them', () => {
    const blocks = createBlockStore()
    const registered = (end: BlockId) => (blocks.height(end) > 30 ? [1, 1, 1, 1, 1] : undefined)
    const trial = createTrial({
      voters: 4,
      followers: 1,
      blocks,
      executor: () => ({ ...emptyBlocks(blocks), registered }),
      parameters: { epochBlocks: 20 },
    })
    trial.run(seconds(80))
    // The end of epoch 1 is at height 39: its players deal in epoch 2 and decide from epoch 3 on.
    expect(votersByEpoch(trial).map(({ length }) => length).slice(0, 5)).toEqual([4, 4, 4, 5, 5])
    expect(problemsOf(trial)).toEqual([])
  })
})

test('behavior: who was cut off for several epochs takes one after the other', () => {
  const parameters = { epochBlocks: 12, membership: [{ epoch: 0, member: 4, weight: 1 }] }
  const trial = createTrial({ voters: 4, followers: 2, parameters })
  const { blocks, finalised, network } = trial.cluster
  trial.run(seconds(2))
  for (const node of [3, 4, 5]) network.assignGroup(node, 1)
  trial.run(seconds(60))
  expect(epochOfView(blocks.round(finalised(0)))).toBeGreaterThan(4)
  for (const node of [3, 4, 5]) network.assignGroup(node, 0)
  trial.run(seconds(90))
  const heights = [0, 3, 4, 5].map((node) => blocks.height(finalised(node)))
  expect(Math.min(...heights)).toBeGreaterThan(Math.max(...heights) - 3)
  // The one that has joined meanwhile votes.
  expect(votersByEpoch(trial).at(-1)).toContain(4)
  expect(problemsOf(trial)).toEqual([])
})

test('behavior: a change names a member', () => {
  const parameters = { epochBlocks: 12, membership: [{ epoch: 0, member: 4, weight: 1 }] }
  expect(() => createTrial({ voters: 4, parameters })).toThrow(MembershipError)
  expect(() => createTrial({ voters: 4, parameters })).toThrow('member 4')
})

test('behavior: more epochs than can be told apart end the run with an error', () => {
  const trial = createTrial({ voters: 1, parameters: { epochBlocks: 2, buildBudgetMs: 1 } })
  expect(() => trial.run(seconds(20))).toThrow('2048 epochs at most')
})
