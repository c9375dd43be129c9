import { emptyBlocks } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import type { Core } from './core.ts'
import { messageTypes } from './messages.ts'
import { findParent, judgeParent, judgeProposal } from './parentRule.ts'
import { altered, createTrial } from './testing.ts'
import { createViewWindow, openView } from './viewWindow.ts'

/** A replica that holds notarisations of views 1 and 4 and a nullification of view 3. */
function prepared() {
  const blocks = createBlockStore()
  const one = blocks.append({ parent: genesis, proposer: 0, time: 0, round: 1 })
  const four = blocks.append({ parent: one, proposer: 1, time: 0, round: 4 })
  const window = createViewWindow(4, 256)
  openView(window, 1)!.notarised = one
  openView(window, 3)!.nullified = true
  openView(window, 4)!.notarised = four
  const core = {
    context: { blocks },
    settings: { termViews: 1, epochBlocks: 0 },
    epoch: 0,
    window,
    finalisedView: 0,
    finalisedBlock: genesis,
  }
  return { core: core as unknown as Core, blocks, window, one, four }
}

describe('findParent', () => {
  test('the highest notarised view', () => {
    const { core, four } = prepared()
    expect(findParent(core, 5)).toBe(four)
  })

  test('behavior: over nullified views, and not where a certificate is missing', () => {
    const { core, window, one } = prepared()
    expect(findParent(core, 4)).toBe(-1)
    // Votes of a view have come in, but no quorum.
    openView(window, 2)
    expect(findParent(core, 4)).toBe(-1)
    openView(window, 2)!.nullified = true
    expect(findParent(core, 4)).toBe(one)
  })

  test('behavior: a view with both certificates counts as notarised', () => {
    const { core, window, four } = prepared()
    openView(window, 4)!.nullified = true
    expect(findParent(core, 5)).toBe(four)
  })

  test('behavior: not below the finalised view', () => {
    const { core, one } = prepared()
    core.finalisedView = 2
    core.finalisedBlock = one
    expect(findParent(core, 4)).toBe(one)
  })
})

describe('judgeParent', () => {
  test('justified by a notarisation and all nullifications between', () => {
    const { core, window, one, four } = prepared()
    expect(judgeParent(core, 5, four)).toBe('justified')
    expect(judgeParent(core, 2, one)).toBe('justified')
    expect(judgeParent(core, 4, one)).toBe('missing')
    openView(window, 2)!.nullified = true
    expect(judgeParent(core, 4, one)).toBe('justified')
    expect(judgeParent(core, 5, one)).toBe('missing')
    // It may be that the proposer knows only one of the two certificates of a view.
    openView(window, 4)!.nullified = true
    expect(judgeParent(core, 5, one)).toBe('justified')
  })

  test('behavior: nothing that skips a finalised block, nothing from the future', () => {
    const { core, one, four } = prepared()
    expect(judgeParent(core, 4, four)).toBe('refused')
    core.finalisedView = 4
    core.finalisedBlock = four
    expect(judgeParent(core, 5, one)).toBe('refused')
    expect(judgeParent(core, 5, four)).toBe('justified')
  })
})

describe('judgeProposal', () => {
  test('behavior: the last block of an epoch again, on its own certificate', () => {
    const { core, blocks, window, one } = prepared()
    Object.assign(core.settings, { epochBlocks: 3 })
    // Two blocks of the last height; the second one has never been notarised.
    const [end, other] = [2, 3].map((round) =>
      blocks.append({ parent: one, proposer: 0, time: 0, round }),
    )
    openView(window, 4)!.notarised = end!
    expect(judgeProposal(core, 5, end!)).toBe('justified')
    expect(judgeProposal(core, 5, other!)).toBe('refused')
    // A block that does not end the epoch is never proposed again.
    expect(judgeProposal(core, 5, one)).toBe('refused')
    openView(window, 5)
    expect(judgeProposal(core, 6, end!)).toBe('missing')
    openView(window, 5)!.nullified = true
    expect(judgeProposal(core, 6, end!)).toBe('justified')
  })

  test('behavior: above what is final all is given up, and only that may come again', () => {
    const { core, blocks, window, one } = prepared()
    Object.assign(core.settings, { epochBlocks: 3 })
    const [end, other] = [2, 3].map((round) =>
      blocks.append({ parent: one, proposer: 0, time: 0, round }),
    )
    Object.assign(core, { finalisedView: 4, finalisedBlock: end })
    openView(window, 5)!.nullified = true
    expect(judgeProposal(core, 6, end!)).toBe('justified')
    expect(judgeProposal(core, 6, other!)).toBe('refused')
  })
})

test('a leader that proposes a block of somebody else gets no quorum', () => {
  const blocks = createBlockStore()
  const { build, validate } = emptyBlocks(blocks)
  const trial = createTrial({
    voters: 4,
    blocks,
    executor: () => ({
      validate,
      build: (parent, header, proposer, now) =>
        build(parent, header, proposer === 0 ? 1 : proposer, now),
    }),
  })
  trial.run(seconds(60))
  const own = trial.proposed.filter(({ node }) => node === 0)
  expect(own.length).toBeGreaterThan(5)
  for (const { block } of own) expect(trial.timesOf(trial.notarised, block)).toEqual([])
  expect(trial.agreement.finalisedCount()).toBeGreaterThan(50)
})

test('a leader that skips a notarised block gets no quorum', () => {
  // Without finality only the certificates stand in its way.
  const withhold = altered(({ broadcast }) => ({
    broadcast: (message, bytes) => {
      if (message.type !== messageTypes.finalise) broadcast(message, bytes)
    },
  }))
  const skipping = altered(({ blocks, broadcast, build }) => ({
    broadcast: (message, bytes) => {
      if (message.type !== messageTypes.finalise) broadcast(message, bytes)
    },
    build: (parent, header) => build(Math.max(genesis, blocks.parent(parent)), header),
  }))
  const trial = createTrial({
    voters: 4,
    behaviours: new Map([1, 2, 3].map((node) => [node, withhold])).set(0, skipping),
  })
  trial.run(seconds(60))
  const { blocks } = trial.cluster
  const skipped = trial.proposed.filter(({ node, block }) => node === 0 && blocks.height(block) > 1)
  expect(skipped.length).toBeGreaterThan(5)
  for (const { block } of skipped) expect(trial.timesOf(trial.notarised, block)).toEqual([])
  expect(trial.notarised.length).toBeGreaterThan(100)
  expect(trial.witness.violations(blocks)).toEqual([])
})
