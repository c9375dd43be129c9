import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { createRetarget, difficultyOf, type WorkData } from './difficulty.ts'
import { createFetcher } from './fetcher.ts'
import { createKnownBlocks } from './knownBlocks.ts'
import { blockOverheadBytes, relayBytes, type WorkMessage } from './messages.ts'
import { createMiningClock } from './miningClock.ts'
import type { NakamotoParameters } from './parameters.ts'

/** The numbers of the timers. */
const timers = { mine: 0, checked: 1, fetch: 2, hashRate: 3 } as const

/** A node: it follows the chain of most work, and mines on it where it has hash rate. */
export function createReplica(
  parameters: NakamotoParameters,
  context: ReplicaContext<WorkMessage>,
): Replica<WorkMessage> {
  const { blocks, report } = context
  const clock = createMiningClock(parameters, context, timers)
  const nextDifficulty = createRetarget(parameters, blocks)
  let head = genesis
  /** The difficulty that the miner works at. */
  let difficulty = nextDifficulty(genesis)
  /** Valid blocks that the node is still busy checking, and until when. */
  let checking: BlockId[] = []
  let checkedAt: Time = 0

  const check = (block: BlockId): boolean => {
    const parent = blocks.parent(block)
    const expected = nextDifficulty(parent)
    if (difficultyOf(blocks, block) !== expected) return false
    if (blocks.totalWork(block) !== blocks.totalWork(parent) + expected) return false
    const cost = context.validate(block)
    if (typeof cost !== 'number') return false
    context.spend(cost)
    return true
  }
  const known = createKnownBlocks(blocks, check)
  const fetcher = createFetcher({
    parameters,
    context,
    known,
    head: () => head,
    timer: timers.fetch,
  })

  /** Follows the chain of a block from now on. True where the miner's difficulty changes by it. */
  const follow = (block: BlockId): boolean => {
    head = block
    report.headChanged(block)
    const next = nextDifficulty(block)
    const isNew = next !== difficulty
    difficulty = next
    return isNew
  }

  const mine = (): void => {
    const data: WorkData = { difficulty }
    const round = blocks.height(head) + 1
    const bytes = blockOverheadBytes
    const block = context.build(head, { round, work: difficulty, data, bytes })
    known.add(block)
    report.proposed(block)
    follow(block)
    context.broadcast({ type: 'block', block }, relayBytes(parameters.relay, blocks, block))
    clock.draw(difficulty)
  }

  /** Brings in the blocks whose check is over. What was found meanwhile was on the old head. */
  const settle = (): void => {
    if (checking.length === 0) return
    const checked = checking
    checking = []
    if (clock.isDueBefore(checkedAt)) mine()
    let isNewDifficulty = false
    for (const block of checked) {
      // Of two chains of equal work, the one seen first stays.
      if (blocks.totalWork(block) <= blocks.totalWork(head)) continue
      if (follow(block)) isNewDifficulty = true
    }
    if (isNewDifficulty) clock.draw(difficulty)
  }

  const take = (block: BlockId): void => {
    const before = context.now()
    checking.push(...known.take(block))
    checkedAt = context.now()
    if (checkedAt > before) context.setTimer(timers.checked, 0)
  }

  /** Unless `take` has made the node busy, what it has taken is checked already. */
  const settleIfIdle = (before: Time): void => {
    if (context.now() === before) settle()
  }

  return {
    start: () => {
      clock.draw(difficulty)
      clock.awaitStep()
      // A node that first comes up later than the others has missed what they did.
      if (context.now() > 0) fetcher.catchUp()
    },
    receive: (from: NodeId, message) => {
      settle()
      const before = context.now()
      if (message.type === 'block') {
        take(message.block)
        if (!known.isConnected(message.block)) fetcher.miss(from)
      } else if (message.type === 'blocks') {
        for (const block of message.blocks) take(block)
        fetcher.progress(from, message.goal, message.blocks)
      } else fetcher.answer(from, message.goal, message.have)
      settleIfIdle(before)
    },
    expire: (timer) => {
      const drawsBefore = clock.draws()
      settle()
      // Settling may have mined already, or drawn anew for another difficulty.
      if (timer === timers.mine && clock.draws() === drawsBefore) mine()
      else if (timer === timers.fetch) fetcher.retry()
      else if (timer === timers.hashRate) {
        clock.draw(difficulty)
        clock.awaitStep()
      }
    },
    recover: () => {
      clock.draw(difficulty)
      settle()
      clock.awaitStep()
      fetcher.catchUp()
    },
  }
}
