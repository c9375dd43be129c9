import type { Time } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import { attemptFactor, copies, type RelayCore } from './core.ts'
import { phases, type Slot } from './slots.ts'

/** Announcing blocks, asking for them, and asking again. */
export type Asking<content> = {
  /** Tells the neighbours of a node that it has the block. */
  announce: (node: NodeId, slot: Slot<content>, number: number) => void
  /** An announcement has come. */
  hear: (node: NodeId, from: NodeId, slot: Slot<content>, number: number) => void
  /** A node that has heard of a block has waited for it in vain, or not. */
  askIfAbsent: (node: NodeId, from: NodeId, slot: Slot<content>, number: number) => void
  /** An announcement was lost on its way: those that were not worth an event count again. */
  reconsider: (node: NodeId, slot: Slot<content>, number: number) => void
  /** Asks for the transactions that a compact block from a peer did not bring, at a time. */
  askMissing: (
    node: NodeId,
    from: NodeId,
    at: Time,
    slot: Slot<content>,
    number: number,
  ) => void
  /** Nothing will come of a request: asks somebody else when its time is over. */
  giveUpLater: (node: NodeId, slot: Slot<content>, number: number) => void
  /** The time of a request is over. */
  retry: (node: NodeId, slot: Slot<content>, number: number, attempt: number) => void
  timeout: Time
}

export function createAsking<content>(core: RelayCore<content>): Asking<content> {
  const { simulation, parameters, travel, pipes, compact, kinds, counters, up, post } = core
  const { offsets, targets } = core
  const { mode, invBytes, headersBytes } = parameters
  const isCompact = mode === 'compact'
  /** Some get compact blocks unasked. */
  const isPushing = isCompact && parameters.compact.highBandwidthPeers > 0
  const announcedBytes = mode === 'sendHeaders' || isCompact ? headersBytes : invBytes
  const timeout = Math.round(parameters.requestTimeoutMs * 1_000)
  const patience = Math.round(parameters.askAfterMs * 1_000)
  /** Between the header and the request of the block, µs; −1 where nobody asks for a header. */
  const pause =
    parameters.bodyAfterMs === undefined ? -1 : Math.round(parameters.bodyAfterMs * 1_000)
  const asksHeader = mode === 'headersFirst' || pause >= 0

  const wordTime = Math.round(parameters.wordMs * 1_000)
  /** Draws how long a word is under way; −1 where it never arrives. */
  const drawWord = (from: NodeId, to: NodeId): Time => {
    const delay = travel.draw(from, to)
    return delay < 0 ? delay : delay + wordTime
  }

  const say = (bytes: number): void => {
    counters.bytes += bytes
    counters.controlBytes += bytes
  }

  const lastOf = (slot: Slot<content>, node: NodeId, copy: number): number =>
    slot.attempt[node]! * attemptFactor + copy

  /** Announces to one neighbour, unless it hears of the block earlier from somebody else. */
  const announceTo = (node: NodeId, to: NodeId, slot: Slot<content>, number: number): void => {
    const now = simulation.now()
    const { announced } = slot
    if (announced[to]! <= now || announced[to]! <= now + travel.least(node, to) + wordTime) return
    const delay = drawWord(node, to)
    if (delay < 0 || now + delay >= announced[to]!) return
    announced[to] = now + delay
    slot.source[to] = node
    post(kinds.announce, now + delay, to, node, number, lastOf(slot, to, 0))
  }

  const ask = (node: NodeId, peer: NodeId, slot: Slot<content>, number: number): void => {
    slot.phase[node] = phases.asked
    slot.source[node] = peer
    let delay = drawWord(node, peer)
    say(invBytes)
    if (asksHeader && delay >= 0) {
      const answer = drawWord(peer, node)
      const second = drawWord(node, peer)
      say(invBytes + headersBytes)
      delay = answer < 0 || second < 0 ? -1 : delay + answer + Math.max(0, pause) + second
    }
    if (delay < 0) return giveUpLater(node, slot, number)
    const copy = isCompact && compact.isSpoken(peer, node) ? copies.compact : copies.whole
    const last = lastOf(slot, node, copy)
    post(kinds.request, simulation.now() + delay, peer, node, number, last)
  }

  const giveUpLater = (node: NodeId, slot: Slot<content>, number: number): void => {
    const at = Math.max(simulation.now(), slot.announced[node]! + timeout)
    post(kinds.retry, at, node, 0, number, slot.attempt[node]!)
  }

  const isReachable = (from: NodeId, to: NodeId): boolean =>
    up[from] === 1 && (!travel.links.isActive || travel.links.cut(from, to) === undefined)

  return {
    timeout,
    announce: (node, slot, number) => {
      const { announced } = slot
      const now = simulation.now()
      const from = slot.source[node]!
      const end = offsets[node + 1]!
      let count = 0
      for (let at = offsets[node]!; at < end; at++) {
        const to = targets[at]!
        // Who has sent it knows; who has asked for compact blocks unasked has got one.
        if (to === from || (isPushing && compact.isPushed[at] === 1)) continue
        count++
        if (announced[to]! > now) announceTo(node, to, slot, number)
      }
      say(count * announcedBytes)
    },
    hear: (node, from, slot, number) => {
      const { announced, source, phase } = slot
      if (phase[node] !== phases.unknown || source[node] !== from) return
      if (announced[node] !== simulation.now()) return
      if (patience === 0) ask(node, from, slot, number)
      else post(kinds.ask, simulation.now() + patience, node, from, number, lastOf(slot, node, 0))
    },
    askIfAbsent: (node, from, slot, number) => {
      if (slot.phase[node] !== phases.unknown || slot.arrived[node]! <= simulation.now()) return
      slot.announced[node] = simulation.now()
      ask(node, from, slot, number)
    },
    reconsider: (node, slot, number) => {
      if (slot.phase[node] !== phases.unknown) return
      slot.announced[node] = Number.POSITIVE_INFINITY
      for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
        const other = targets[at]!
        if (slot.phase[other] !== phases.checked || !isReachable(other, node)) continue
        announceTo(other, node, slot, number)
      }
    },
    askMissing: (node, from, at, slot, number) => {
      slot.phase[node] = phases.asked
      slot.source[node] = from
      // What is announced from now on is in hand already.
      if (slot.announced[node]! > at) slot.announced[node] = simulation.now()
      say(invBytes)
      const delay = drawWord(node, from)
      if (delay < 0) return giveUpLater(node, slot, number)
      post(kinds.request, at + delay, from, node, number, lastOf(slot, node, copies.missing))
    },
    giveUpLater,
    retry: (node, slot, number, attempt) => {
      if (up[node] === 0 || slot.attempt[node] !== attempt) return
      const { source, phase, arrived, departed } = slot
      // What still waits at its sender, or is being sent, may come earlier from somebody else.
      const hasLeft = pipes.isQueued(node) || departed[node]! <= simulation.now()
      if (phase[node]! >= phases.arrived || (arrived[node]! < Infinity && hasLeft)) return
      let best = -1
      for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
        const other = targets[at]!
        if (phase[other] !== phases.checked || !isReachable(other, node)) continue
        // The old one only where there is nobody else.
        if (best !== -1 && (other === source[node] || arrived[other]! >= arrived[best]!)) {
          if (best !== source[node]) continue
        }
        best = other
      }
      const isComing = phase[node] === phases.sent && up[source[node]!] === 1
      if (isComing && (best === -1 || best === source[node])) {
        slot.announced[node] = simulation.now()
        return giveUpLater(node, slot, number)
      }
      slot.attempt[node] = (attempt + 1) & 0xff
      slot.phase[node] = phases.unknown
      arrived[node] = Number.POSITIVE_INFINITY
      slot.announced[node] = best === -1 ? Number.POSITIVE_INFINITY : simulation.now()
      if (best !== -1) ask(node, best, slot, number)
    },
  }
}
