import type { Stream, Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { ReplicaContext } from '../contract.ts'
import type { Electorate } from './electorate.ts'
import { framingBytes, requestBytes, type SharedMessage, sharedTypes } from './messages.ts'
import type { Chain } from './payloads.ts'
import { none } from './voteSet.ts'

/** The timers of finality; a protocol's own are numbers below 8. */
export const timers = { fetch: 8, settle: 9 } as const

/** How many blocks answer one request at most. An assumption. */
const blocksPerAnswer = 32

/** How a replica asks others for what it lacks. */
export type Asking = {
  context: ReplicaContext<any>
  electorate: Electorate
  chain: Chain
  /** Draws whom to ask. */
  peers: Stream
  /** How long a request to a peer may take before another peer is asked. */
  fetchTimeout: Time
  isTimerSet: boolean
  isRetrying: boolean
}

/** A voter asks the preferred peer at first; after that, any other voter until a timeout. */
export function ask(state: Asking, preferred: NodeId, request: SharedMessage): void {
  const { context, electorate, fetchTimeout, peers } = state
  const { voters } = electorate
  const own = voters.indexOf(context.self)
  const others = own < 0 ? voters.length : voters.length - 1
  if (others === 0) return
  if (!state.isTimerSet) {
    state.isTimerSet = true
    context.setTimer(timers.fetch, fetchTimeout)
  }
  // Who follows is told by everybody; the first to do so leads next, and is about to be busy.
  const isVoter = electorate.weights[context.self]! > 0
  if (isVoter && preferred !== none && preferred !== context.self && !state.isRetrying) {
    context.send(preferred, request, requestBytes)
    return
  }
  const drawn = peers.below(others)
  context.send(voters[own < 0 || drawn < own ? drawn : drawn + 1]!, request, requestBytes)
}

/** Sends the block and what it holds of its ancestors above the height, oldest first. */
export function answer(
  { chain, context }: Asking,
  to: NodeId,
  wanted: BlockId,
  above: number,
): void {
  const { blocks, send } = context
  const found: BlockId[] = []
  let block = wanted
  while (
    found.length < blocksPerAnswer &&
    block !== genesis &&
    chain.isHeld(block) &&
    blocks.height(block) > above
  ) {
    found.push(block)
    block = blocks.parent(block)
  }
  for (const each of found.reverse()) {
    send(to, { type: sharedTypes.block, block: each }, blocks.bytes(each) + framingBytes)
  }
}
