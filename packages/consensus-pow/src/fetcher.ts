import type { ReplicaContext } from '@counterpoise/consensus'
import { ms, type Stream } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { KnownBlocks } from './knownBlocks.ts'
import { requestBytes, type WorkMessage } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'

export type FetcherOptions = {
  parameters: NakamotoParameters
  context: ReplicaContext<WorkMessage>
  known: KnownBlocks
  /** The end of the chain that the node follows. */
  head: () => BlockId
  /** Number of the timer after which an unanswered request goes to somebody else. */
  timer: number
}

/** Gets the blocks that a node has missed, one request at a time. */
export type Fetcher = {
  /** A block has come from a peer whose parent is missing. */
  miss: (from: NodeId) => void
  /** Asks a random peer for its chain, after an outage. */
  catchUp: () => void
  /** Somebody asks this node. */
  answer: (to: NodeId, goal: BlockId | undefined, have: BlockId) => void
  /** Blocks have come, and have been taken, on the way to a goal. */
  progress: (from: NodeId, goal: BlockId, blocks: readonly BlockId[]) => void
  /** The timer has run out. */
  retry: () => void
}

export function createFetcher(options: FetcherOptions): Fetcher {
  const { parameters, context, known, head, timer } = options
  const { blocks, committee, self } = context
  const { fetchBatchBlocks } = parameters
  const patienceMin = ms(parameters.requestTimeoutMs)
  const patienceMax = Math.max(patienceMin, ms(parameters.requestTimeoutMaxMs))
  let stream: Stream | undefined
  /** Whom the open request went to; −1 where none is open. */
  let asked = -1
  /** How long an answer may take; doubled whenever one has not come. */
  let patience = patienceMin
  /** A peer's whole chain is wanted, not only the parents of kept blocks. */
  let behind = false

  const ask = (peer: NodeId, goal: BlockId | undefined, have: BlockId): void => {
    asked = peer
    context.send(peer, { type: 'request', goal, have }, requestBytes)
    context.setTimer(timer, patience)
  }

  const randomPeer = (): NodeId => {
    stream ??= context.random('peers')
    const draw = stream.below(committee.size - 1)
    return draw < self ? draw : draw + 1
  }

  /** Asks for what is missing now, or comes to rest. */
  const seek = (peer: NodeId): void => {
    const goal = known.missing()
    if (goal !== undefined || behind) ask(peer, goal, head())
    else {
      asked = -1
      patience = patienceMin
      context.clearTimer(timer)
    }
  }

  return {
    miss: (from) => {
      if (asked === -1 || patience > patienceMin) seek(from)
    },
    catchUp: () => {
      if (committee.size < 2) return
      behind = true
      patience = patienceMin
      ask(randomPeer(), undefined, head())
    },
    answer: (to, wanted, have) => {
      const goal = wanted ?? head()
      if (!known.isConnected(goal)) return
      const base = blocks.height(blocks.commonAncestor(goal, have))
      const top = Math.min(blocks.height(goal), base + fetchBatchBlocks)
      const batch: BlockId[] = []
      let bytes = requestBytes
      let block = blocks.ancestorAt(goal, top)
      for (let height = top; height > base; height--) {
        batch.push(block)
        bytes += blocks.bytes(block)
        block = blocks.parent(block)
      }
      context.send(to, { type: 'blocks', goal, blocks: batch.reverse() }, bytes)
    },
    progress: (from, goal, batch) => {
      // A late answer is welcome, but the conversation goes on with the peer asked last.
      if (from !== asked) return
      patience = patienceMin
      const last = batch.at(-1)
      if (last !== undefined && !known.isConnected(goal)) return ask(from, goal, last)
      behind = false
      seek(from)
    },
    retry: () => {
      patience = Math.min(patience * 2, patienceMax)
      seek(randomPeer())
    },
  }
}
