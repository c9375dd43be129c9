import type { Inherited, Replica } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { blockRulesOf } from './blockRules.ts'
import { conductTimer, type WorkContext } from './conduct.ts'
import { createFetcher } from './fetcher.ts'
import { createHashing } from './hashing.ts'
import { createKnownBlocks } from './knownBlocks.ts'
import type { WorkMessage } from './messages.ts'
import { createMint } from './mint.ts'
import type { NakamotoParameters } from './parameters.ts'

/** The numbers of the timers. */
const timers = { checked: 0, fetch: 1, hashRate: 2, early: 3 } as const

/** A node: it follows the chain of most work, and mines on it where it has hash rate. */
export function createReplica(
  parameters: NakamotoParameters,
  context: WorkContext,
  inherited?: Inherited,
): Replica<WorkMessage> {
  const { blocks, report, conduct, committee, self } = context
  const hashing = createHashing(parameters, context, timers.hashRate)
  const rules = blockRulesOf(parameters, blocks)
  const mint = createMint(parameters, context, rules)
  /** The crowd knows one hash rate of each miner. */
  const isSteady = parameters.hashRateSteps.length === 0 || committee.weights[self] === 0
  let head = inherited?.head ?? genesis
  /** Valid blocks that the node is still busy checking. */
  let checking: BlockId[] = []
  /** Blocks whose timestamp is too far ahead. */
  let early: BlockId[] = []

  const check = (block: BlockId): boolean => {
    if (!rules.isValid(block)) return false
    const cost = context.validate(block)
    if (typeof cost !== 'number') return false
    context.spend(cost)
    return true
  }
  const known = createKnownBlocks(blocks, check, inherited?.knows)
  const fetcher = createFetcher({
    parameters,
    context,
    known,
    head: () => head,
    timer: timers.fetch,
  })

  /** What it mines on. */
  const tip = (): BlockId => conduct?.tip?.(head) ?? head
  const work = (): void => {
    hashing.workAt(rules.difficultyNow(tip(), context.now()))
  }

  /** Follows the chain of a block from now on. */
  const follow = (block: BlockId): void => {
    head = block
    report.headChanged(block)
    work()
  }

  // Of two chains of equal work, the one seen first stays.
  const adopt = (block: BlockId): void => {
    if (blocks.totalWork(block) > blocks.totalWork(head)) follow(block)
  }

  const publish = (block: BlockId): void => {
    adopt(block)
    context.broadcast({ type: 'block', block }, blocks.bytes(block))
  }

  const mine = (): void => {
    if (conduct?.discards?.() === true) return
    const parent = conduct?.choose?.(tip(), known.isConnected) ?? tip()
    const block = mint(parent, known.isConnected)
    known.add(block)
    report.proposed(block)
    if (conduct?.found === undefined) publish(block)
    else conduct.found(block)
  }
  conduct?.join?.({
    ...{ self: context.self, publish, learn: known.add, adopt, work },
    catchUp: () => fetcher.catchUp(),
  })

  /** Brings in the blocks whose check is over. */
  const settle = (): void => {
    if (checking.length === 0) return
    const checked = checking
    checking = []
    for (const block of checked) {
      adopt(block)
      conduct?.heard?.(block)
    }
  }

  const awaitEarly = (): void => {
    if (early.length === 0) return
    const times = early.map((block) => rules.acceptedFrom(block))
    context.setTimer(timers.early, Math.max(0, Math.min(...times) - context.now()))
  }

  const take = (block: BlockId): void => {
    if (rules.acceptedFrom(block) > context.now()) {
      if (!early.includes(block)) early.push(block)
      awaitEarly()
      return
    }
    const before = context.now()
    checking.push(...known.take(block))
    if (context.now() > before) context.setTimer(timers.checked, 0)
  }

  /** At miner level, what comes in are chains. */
  const takeWhole = (block: BlockId): void => {
    const missing = [block]
    for (;;) {
      const parent = blocks.parent(missing.at(-1)!)
      if (known.isConnected(parent)) break
      missing.push(parent)
    }
    for (const each of missing.reverse()) take(each)
  }

  /** Unless `take` has made the node busy, what it has taken is checked already. */
  const settleIfIdle = (before: Time): void => {
    if (context.now() === before) settle()
  }

  return {
    start: () => {
      work()
      hashing.awaitStep()
      // A node that first comes up later than the others has missed what they did.
      if (context.now() > 0) fetcher.catchUp()
      conduct?.start?.()
    },
    receive: (from: NodeId, message) => {
      settle()
      if (conduct?.listens?.() === false) return
      const before = context.now()
      if (message.type === 'block') {
        if (parameters.fidelity === 'miner') takeWhole(message.block)
        else take(message.block)
        if (!known.isConnected(message.block)) fetcher.miss(from)
      } else if (message.type === 'blocks') {
        for (const block of message.blocks) take(block)
        fetcher.progress(from, message.goal, message.blocks)
      } else fetcher.answer(from, message.goal, message.have)
      settleIfIdle(before)
    },
    expire: (timer) => {
      settle()
      if (timer === timers.fetch) fetcher.retry()
      else if (timer === timers.hashRate) {
        work()
        hashing.awaitStep()
      } else if (timer === timers.early) {
        const before = context.now()
        const waiting = early
        early = []
        for (const block of waiting) take(block)
        settleIfIdle(before)
      } else if (timer >= conductTimer) conduct?.expire?.(timer)
    },
    recover: () => {
      settle()
      work()
      hashing.awaitStep()
      awaitEarly()
      fetcher.catchUp()
    },
    win: mine,
    settled: () => {
      if (conduct !== undefined || !isSteady) return undefined
      const learned = known.learned()
      return learned && { head, learned }
    },
  }
}
