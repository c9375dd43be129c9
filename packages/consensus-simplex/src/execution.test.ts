import { emptyBlocks, type ReplicaContext } from '@counterpoise/consensus'
import { createChain, none } from '@counterpoise/consensus/parts'
import { ms, seconds } from '@counterpoise/engine'
import { createBlockStore, genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import type { Core } from './core.ts'
import { bring, createExecution, finishExecution, resumeExecution } from './execution.ts'
import { createTrial, hop, problemsOf } from './testing.ts'
import { timers } from './timers.ts'

/** A member that votes before it executes; three blocks in a row take it so long each, µs. */
function createMember(verdicts: readonly (number | { invalid: string })[] = [10, 20, 30]) {
  const blocks = createBlockStore()
  for (let round = 1; round <= 3; round++) {
    blocks.append({ parent: round - 1, proposer: 0, round, time: 0 })
  }
  const calls: string[] = []
  const context = {
    blocks,
    validate: (block: number) => verdicts[block - 1],
    setTimer: (timer: number, time: number) => calls.push(`set ${timer}: ${time}`),
    clearTimer: (timer: number) => calls.push(`clear ${timer}`),
    spend: (time: number) => calls.push(`spend ${time}`),
  } as unknown as ReplicaContext<any>
  const chain = createChain(context)
  for (const block of [1, 2, 3]) chain.hold(block)
  const core = {
    ...{ context, chain, execution: createExecution(), finalisedBlock: genesis },
    settings: { dissemination: 'deferred' },
  } as unknown as Core
  const ready = (): number[] => [1, 2, 3].filter(chain.isReady)
  return { core, calls, ready }
}

describe('execution beside the work of consensus', () => {
  test('default: one block after the other, the oldest first', () => {
    const { calls, core, ready } = createMember()
    expect(bring(core, 3)).toBe(none)
    for (const again of [1, 2, 3]) bring(core, again)
    expect(core.execution).toMatchObject({ running: 1, queue: [2, 3] })
    expect(calls).toEqual([`set ${timers.execution}: 10`])
    finishExecution(core)
    expect(ready()).toEqual([1])
    finishExecution(core)
    finishExecution(core)
    expect(calls.slice(1)).toEqual([`set ${timers.execution}: 20`, `set ${timers.execution}: 30`])
    expect(ready()).toEqual([1, 2, 3])
    finishExecution(core)
    expect(calls).toHaveLength(3)
  })

  test('behavior: what stands on a refused block is refused with it', () => {
    const { calls, core, ready } = createMember([10, { invalid: 'test' }, 30])
    bring(core, 3)
    finishExecution(core)
    expect(ready()).toEqual([1])
    expect([...core.execution.refused]).toEqual([2, 3])
    expect(calls).toEqual([`set ${timers.execution}: 10`])
  })

  test('behavior: unless it is final: then others have executed it', () => {
    const { calls, core, ready } = createMember([0, { invalid: 'test' }, 30])
    core.finalisedBlock = 3
    bring(core, 3)
    expect(ready()).toEqual([1, 2])
    // What it does not refuse takes its time.
    expect(calls).toEqual([`set ${timers.execution}: 30`])
    finishExecution(core)
    expect(ready()).toEqual([1, 2, 3])
    expect(core.execution.refused.size).toBe(0)
  })

  test('behavior: what an outage has interrupted begins anew, before what waits', () => {
    const { calls, core, ready } = createMember()
    bring(core, 3)
    finishExecution(core)
    calls.length = 0
    resumeExecution(core)
    // The whole of it, and not to be ended by the timer that was set before.
    expect(calls).toEqual([`clear ${timers.execution}`, `set ${timers.execution}: 20`])
    expect(core.execution).toMatchObject({ running: 2, time: 20, queue: [3] })
    expect(ready()).toEqual([1])
    finishExecution(core)
    finishExecution(core)
    expect(ready()).toEqual([1, 2, 3])
    calls.length = 0
    resumeExecution(core)
    expect(calls).toEqual([])
  })
})

test.each([0, 90, 180, 270])('an outage %i ms after a proposal has come', (after) => {
  const blocks = createBlockStore()
  const trial = createTrial({
    voters: 4,
    blocks,
    parameters: { dissemination: 'deferred', buildBudgetMs: 0 },
    executor: () => ({ ...emptyBlocks(blocks), validate: () => ms(300) }),
  })
  const { finalised, network } = trial.cluster
  trial.run(seconds(5))
  const { block, time } = trial.proposed.at(-1)!
  const down = time + hop + ms(after)
  trial.run(down)
  network.takeDown(3)
  trial.run(seconds(8))
  expect(trial.heads.some(({ node, time: at }) => node === 3 && at > down)).toBe(false)
  network.bringUp(3)
  trial.run(seconds(30))
  const [first] = trial.heads.filter(({ node, time: at }) => node === 3 && at > down)
  // The work begins anew, and takes as long as ever.
  expect(first!.time).toBe(seconds(8) + ms(300))
  const heights = [0, 1, 2, 3].map((node) => blocks.height(finalised(node)))
  expect(Math.min(...heights)).toBeGreaterThan(blocks.height(block) + 20)
  expect(Math.max(...heights) - heights[3]!).toBeLessThan(4)
  expect(problemsOf(trial)).toEqual([])
})
