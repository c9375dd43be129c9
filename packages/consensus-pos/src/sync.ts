import type { ReplicaContext } from '@counterpoise/consensus'
import type { Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { GasperMessage } from './messages.ts'
import type { Store } from './store.ts'

export type SyncOptions = {
  context: ReplicaContext<GasperMessage>
  store: Store
  /** The timer that `retry` answers to. */
  timer: number
  requestTimeout: Time
  requestBytes: number
  requestBlocksMax: number
  /** Checks and adds a block whose parent is there. */
  accept: (block: BlockId) => void
}

/** Fetches what a node has missed: blocks without a parent here, and all after an outage. */
export type Sync = {
  /** Keeps a block whose parent is unknown, and asks for its chain. */
  keep: (orphan: BlockId, from: NodeId) => void
  /** A block was added: its children that came too early follow. */
  release: (parent: BlockId) => void
  /** Asks somebody for the current chain. */
  recover: () => void
  /** True from `recover` until somebody's chain has been taken over: no duties meanwhile. */
  isRecovering: () => boolean
  serve: (from: NodeId, want: BlockId, have: BlockId) => void
  take: (from: NodeId, answer: GasperMessage & { kind: 'answer' }) => void
  /** The request has not been answered in time. */
  retry: () => void
}

/** After so many vain requests for a block it is given up, until a descendant of it comes. */
const attemptsMax = 8

type Orphan = { block: BlockId; from: NodeId }

export function createSync(options: SyncOptions): Sync {
  const { context, store, timer, requestTimeout, requestBytes, requestBlocksMax, accept } = options
  const { blocks, self, committee } = context
  let orphans: Orphan[] = []
  let isActive = false
  let isRecovering = false
  /** What is asked for: a block, or −1 for somebody's head. */
  let want: BlockId = -1
  let attempts = 0

  const somebody = (): NodeId => {
    const other = context.random('peers').below(committee.size - 1)
    return other < self ? other : other + 1
  }

  const ask = (peer: NodeId): void => {
    attempts++
    const request: GasperMessage = { kind: 'request', want, have: store.head() }
    context.send(peer, request, requestBytes)
    context.setTimer(timer, requestTimeout)
  }

  /** After the one who sent the block, its proposer has it for sure; then anybody may. */
  const askAnother = (): void => {
    if (attempts >= attemptsMax && want !== -1) {
      orphans = orphans.filter(({ block }) => block !== want)
      finish()
      return
    }
    const proposer = want === -1 ? self : blocks.proposer(want)
    ask(attempts === 1 && proposer !== self ? proposer : somebody())
  }

  const begin = (block: BlockId, peer: NodeId): void => {
    isActive = true
    want = block
    attempts = 0
    ask(peer)
  }

  const finish = (): void => {
    isActive = false
    isRecovering = false
    context.clearTimer(timer)
    orphans = orphans.filter(({ block }) => store.judge(block) === 'orphan')
    const next = orphans[0]
    if (next !== undefined) begin(next.block, next.from)
  }

  const isSettled = (block: BlockId): boolean => {
    const verdict = store.judge(block)
    return verdict === 'known' || verdict === 'dead'
  }

  return {
    keep: (block, from) => {
      if (!orphans.some((orphan) => orphan.block === block)) orphans.push({ block, from })
      if (!isActive) begin(block, from)
    },
    release: (parent) => {
      if (orphans.length === 0) return
      const released = orphans.filter(({ block }) => blocks.parent(block) === parent)
      if (released.length === 0) return
      orphans = orphans.filter(({ block }) => blocks.parent(block) !== parent)
      for (const { block } of released) accept(block)
    },
    recover: () => {
      if (committee.size === 1) return
      isRecovering = true
      begin(-1, somebody())
    },
    isRecovering: () => isRecovering,
    serve: (from, wanted, have) => {
      const end = wanted === -1 ? store.head() : wanted
      const path: BlockId[] = []
      let bytes = requestBytes
      if (store.has(end)) {
        const shared = blocks.height(blocks.commonAncestor(have, end))
        const last = Math.min(blocks.height(end), shared + requestBlocksMax)
        let block = blocks.ancestorAt(end, last)
        for (let height = last; height > shared; height--) {
          path.push(block)
          bytes += blocks.bytes(block)
          block = blocks.parent(block)
        }
      }
      const answer: GasperMessage = { kind: 'answer', want: wanted, end, blocks: path.reverse() }
      context.send(from, answer, bytes)
    },
    take: (from, answer) => {
      for (const block of answer.blocks) accept(block)
      if (!isActive || answer.want !== want) return
      if (isSettled(answer.end)) finish()
      else if (answer.blocks.length === 0 || !store.has(answer.blocks.at(-1)!)) askAnother()
      else {
        want = answer.end
        attempts = 0
        ask(from)
      }
    },
    retry: () => {
      if (!isActive) return
      if (want !== -1 && isSettled(want)) finish()
      else askAnother()
    },
  }
}
