import type { Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { ReplicaContext } from '../contract.ts'
import { answer, ask, type Asking, timers } from './asking.ts'
import { createElectorate, type Electorate } from './electorate.ts'
import { type SharedMessage, sharedTypes } from './messages.ts'
import { type Chain, createChain } from './payloads.ts'
import { none } from './voteSet.ts'

export type FinalityOptions = {
  context: ReplicaContext<any>
  /** How long a request to a peer may take before another peer is asked. */
  fetchTimeout: Time
  /** Bytes of a certificate that a block is final, framing included. */
  certificateBytes: number
  /** The final block is another one now, executed or not. */
  onDecided: (block: BlockId) => void
  /** A block that was missing is here, or work on blocks is done: look again. */
  onArrival: () => void
}

/**
 * A replica's blocks and how far they are certified and final: executes what certificates stand
 * behind, asks peers for what is missing, reports it, and tells those who follow.
 */
export type Finality = {
  electorate: Electorate
  chain: Chain
  /** The highest block that is known to be final; it may have to be fetched still. */
  final: () => BlockId
  /** The highest block that is final, executed and reported. */
  executedFinal: () => BlockId
  /** Takes in a block; reports it where it is new, and says whether it is. */
  hold: (block: BlockId) => boolean
  /** A certificate stands behind a block. */
  notarise: (block: BlockId, informant: NodeId) => void
  /** A block is final, by this replica's own count or by what it was told. */
  decide: (block: BlockId, informant: NodeId) => void
  /** Executes a block with its ancestors, or asks for what is missing and says no. */
  bring: (block: BlockId, informant: NodeId) => boolean
  /** True where the message was one of the shared ones. */
  receive: (from: NodeId, message: SharedMessage | { type: number }) => boolean
  /** True where the timer was one of this part. */
  expire: (timer: number) => boolean
  /** Sends the decision that it holds to somebody who is behind. */
  tell: (to: NodeId) => void
  /** Asks a random voter what has been decided. */
  askForNews: () => void
  recover: () => void
}

type State = Asking & {
  options: FinalityOptions
  final: BlockId
  reportedFinal: BlockId
  /** Certified blocks that are not executed yet. */
  awaiting: BlockId[]
  head: BlockId
  fetching: BlockId[]
  informant: NodeId
  isBehind: boolean
}

export function createFinality(options: FinalityOptions): Finality {
  const { context } = options
  const electorate = createElectorate(context.committee)
  const chain = createChain(context)
  const state: State = {
    ...{ options, context, electorate, chain, fetchTimeout: options.fetchTimeout },
    peers: context.random('peers'),
    final: genesis,
    reportedFinal: genesis,
    awaiting: [],
    head: genesis,
    fetching: [],
    isTimerSet: false,
    isRetrying: false,
    informant: none,
    isBehind: false,
  }
  return {
    electorate,
    chain,
    final: () => state.final,
    executedFinal: () => state.reportedFinal,
    hold: (block) => hold(state, block),
    notarise: (block, informant) => {
      state.informant = informant
      if (chain.isReady(block) && state.awaiting.length === 0) reportNotarised(state, block)
      else {
        if (!state.awaiting.includes(block)) state.awaiting.push(block)
        settle(state)
      }
    },
    decide: (block, informant) => decide(state, block, informant),
    bring: (block, informant) => {
      state.informant = informant
      return bring(state, block)
    },
    receive: (from, message) => receive(state, from, message as SharedMessage),
    expire: (timer) => {
      if (timer === timers.settle) settle(state)
      else if (timer === timers.fetch) fetchAgain(state)
      else return false
      return true
    },
    tell: (to) => tell(state, to),
    askForNews: () => {
      const above = context.blocks.height(state.final)
      ask(state, none, { type: sharedTypes.decisionRequest, above })
    },
    recover: () => {
      state.fetching.length = 0
      state.isTimerSet = false
      state.isBehind = true
      context.clearTimer(timers.fetch)
      ask(state, none, { type: sharedTypes.decisionRequest, above: -1 })
      settle(state)
    },
  }
}

function hold({ chain, options }: State, block: BlockId): boolean {
  if (chain.isHeld(block)) return false
  chain.hold(block)
  options.context.report.received(block)
  return true
}

function decide(state: State, block: BlockId, informant: NodeId): void {
  const { chain, electorate, options } = state
  const { blocks, self } = options.context
  if (blocks.height(block) <= blocks.height(state.final)) return
  state.final = block
  state.informant = informant
  // Those who follow do not hear the votes; voters that are behind ask.
  if (electorate.weights[self]! > 0) {
    for (const follower of electorate.followers) tell(state, follower)
  }
  options.onDecided(block)
  if (state.awaiting.length > 0 || !chain.isReady(state.final)) settle(state)
  else reportFinal(state)
}

function tell({ final, options }: State, to: NodeId): void {
  const decision: SharedMessage = { type: sharedTypes.decision, block: final }
  options.context.send(to, decision, options.certificateBytes)
}

function receive(state: State, from: NodeId, message: SharedMessage): boolean {
  const { blocks } = state.options.context
  switch (message.type) {
    case sharedTypes.block:
      arrive(state, message.block)
      return true
    case sharedTypes.blockRequest:
      answer(state, from, message.block, message.above)
      return true
    case sharedTypes.decision:
      state.isBehind = false
      decide(state, message.block, from)
      return true
    case sharedTypes.decisionRequest:
      if (blocks.height(state.final) > message.above) tell(state, from)
      return true
    default:
      return false
  }
}

function arrive(state: State, block: BlockId): void {
  if (!hold(state, block)) return
  const index = state.fetching.indexOf(block)
  if (index >= 0) state.fetching.splice(index, 1)
  settle(state)
  state.options.onArrival()
}

/**
 * Executes the certified blocks that have arrived, asks for those that have not, and reports them
 * when the work on them is done.
 */
function settle(state: State): void {
  const { awaiting, chain, options } = state
  const { blocks, setTimer } = options.context
  if (awaiting.length === 0 && state.final === state.reportedFinal) return
  const before = chain.work()
  for (const block of awaiting) bring(state, block)
  bring(state, state.final)
  if (chain.work() > before) {
    setTimer(timers.settle, 0)
    return
  }
  awaiting.sort((one, other) => blocks.round(one) - blocks.round(other) || one - other)
  const isFinal = chain.isReady(state.final)
  let kept = 0
  for (const block of awaiting) {
    if (chain.isReady(block)) reportNotarised(state, block)
    // With the final chain executed, what is missing beside it has been left behind.
    else if (!isFinal || blocks.height(block) > blocks.height(state.final)) awaiting[kept++] = block
  }
  awaiting.length = kept
  if (isFinal) reportFinal(state)
}

/** Executes a block with its ancestors; false where one is missing, which is asked for. */
function bring(state: State, block: BlockId): boolean {
  const missing = state.chain.bring(block)
  if (missing === none) return true
  const { fetching, options } = state
  if (fetching.includes(missing)) return false
  // What has been asked for with an ancestor of it is on its way.
  const { blocks } = options.context
  let above = blocks.height(state.reportedFinal)
  for (const other of fetching) {
    if (blocks.isAncestor(other, missing)) above = Math.max(above, blocks.height(other))
  }
  fetching.push(missing)
  ask(state, state.informant, { type: sharedTypes.blockRequest, block: missing, above })
  return false
}

function reportNotarised(state: State, block: BlockId): void {
  const { blocks, report } = state.options.context
  report.notarised(block)
  moveHead(state, block, blocks.round(block) > blocks.round(state.head))
}

function reportFinal(state: State): void {
  const { blocks, report } = state.options.context
  if (state.final === state.reportedFinal) return
  state.reportedFinal = state.final
  moveHead(state, state.final, !blocks.isAncestor(state.final, state.head))
  report.finalised(state.final)
}

function moveHead(state: State, block: BlockId, isBetter: boolean): void {
  const { blocks, report } = state.options.context
  if (!isBetter || !blocks.isAncestor(state.reportedFinal, block)) return
  state.head = block
  report.headChanged(block)
}

/** Whatever is still missing is asked for again, from others. */
function fetchAgain(state: State): void {
  state.isTimerSet = false
  state.fetching.length = 0
  state.isRetrying = true
  if (state.isBehind) ask(state, none, { type: sharedTypes.decisionRequest, above: -1 })
  settle(state)
  state.options.onArrival()
  state.isRetrying = false
}
