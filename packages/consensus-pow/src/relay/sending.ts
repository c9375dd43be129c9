import type { Time } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import type { Asking } from './asking.ts'
import { attemptFactor, copies, pushedBit, type RelayCore } from './core.ts'
import { phases, type Slot } from './slots.ts'

/** Copies of blocks on their way: out of the sender, over the link, into the receiver. */
export type Sending<content> = {
  /** A request has come. */
  answer: (node: NodeId, to: NodeId, slot: Slot<content>, number: number, last: number) => void
  /** A copy is at the receiver's downlink. */
  reach: (node: NodeId, from: NodeId, slot: Slot<content>, number: number, last: number) => void
  /** A copy has come in that is passed on before it is checked. */
  arrive: (node: NodeId, from: NodeId, slot: Slot<content>, number: number, last: number) => void
  /** A node has the block as a whole: pushes it on where nobody waits for checks. */
  pushUnchecked: (node: NodeId, slot: Slot<content>, number: number) => void
  /** Sends the whole block to all neighbours, unasked. */
  pushWhole: (node: NodeId, slot: Slot<content>, number: number) => void
}

export function createSending<content>(
  core: RelayCore<content>,
  asking: Asking<content>,
): Sending<content> {
  const { simulation, parameters, travel, pipes, compact, kinds, counters, post } = core
  const { offsets, targets, busyUntil, isMember, members } = core
  const { overlay, transactionBytes } = parameters
  const isCompact = parameters.mode === 'compact'
  const isSquareRoot = parameters.mode === 'push' && parameters.pushBy === 'squareRoot'
  /** Some nodes pass a block on before they have checked it. */
  const isEager =
    members.length > 0 ||
    isSquareRoot ||
    (isCompact && parameters.compact.highBandwidthPeers > 0)
  const choice = simulation.stream(`${core.name}/push choice`)
  let candidates = new Int32Array(0)

  const sizeOf = (copy: number, slot: Slot<content>, to: NodeId): number => {
    const { bytes } = slot.spread
    if (copy === copies.whole) return bytes
    if (copy === copies.compact) return compact.bytes(bytes)
    if (copy === copies.missing) return slot.missing[to]!
    const { bytesFixed, bytesPerTransaction } = overlay!
    return Math.ceil(bytesFixed + (bytes / transactionBytes) * bytesPerTransaction)
  }

  const wayOf = (copy: number, from: NodeId, to: NodeId): Time => {
    const delay = travel.draw(from, to)
    if (copy !== copies.overlay || delay < 0) return delay
    return Math.round(delay * overlay!.latencyFactor + overlay!.extraMs * 1_000)
  }

  const shareOf = (from: NodeId, to: NodeId): number =>
    travel.links.isActive ? travel.links.share(from, to) : 1

  /** Sends a copy and returns when it reaches the other end; −1 where it is lost. */
  const send = (
    from: NodeId,
    to: NodeId,
    slot: Slot<content>,
    number: number,
    last: number,
  ): Time => {
    const copy = last & 3
    const bytes = sizeOf(copy, slot, to)
    counters.bytes += bytes
    const sent = bytes / shareOf(from, to)
    const left =
      copy === copies.overlay
        ? pipes.leaveBeside(from, sent, simulation.now())
        : pipes.leave(from, to, sent, simulation.now())
    const delay = wayOf(copy, from, to)
    if (delay < 0) return -1
    const at = left - pipes.lead(from, sent) + delay
    if (copy !== copies.overlay) pipes.awaitArrival(from, at)
    const isAsked = (last & pushedBit) === 0
    if (!isAsked && slot.arrived[to]! <= at && copy !== copies.whole) {
      // Too late to be of use, and too small to be in the way of anything.
      counters.duplicates++
      return at
    }
    // It may have come by another way since it was asked for: then it stays.
    if (isAsked && slot.phase[to]! < phases.arrived) slot.phase[to] = phases.sent
    if (slot.arrived[to]! > at) slot.departed[to] = left
    if (pipes.isQueued(to)) post(kinds.reach, at, to, from, number, last)
    else take(to, from, at, slot, number, last)
    return at
  }

  /** What becomes of a copy that has come in at a time, now or later. */
  const take = (
    node: NodeId,
    from: NodeId,
    at: Time,
    slot: Slot<content>,
    number: number,
    last: number,
  ): void => {
    if (slot.arrived[node]! <= at) {
      counters.duplicates++
      return
    }
    if ((last & 3) === copies.compact && !compact.reconstructs(node, slot.serial)) {
      slot.missing[node] = compact.missingBytes(node, slot.serial, slot.spread.bytes)
      asking.askMissing(node, from, at, slot, number)
      return
    }
    slot.arrived[node] = at
    slot.source[node] = from
    // Nobody needs to announce to it what is there by then.
    if (slot.announced[node]! > at) slot.announced[node] = at
    const attempt = slot.attempt[node]! * attemptFactor
    // Checks queue in the order of arrivals, which is known ahead only behind a downlink.
    const isOrdered = slot.check === 0 || pipes.isInOrder(node)
    if (isEager || !isOrdered) post(kinds.arrive, at, node, from, number, attempt + (last & 3))
    else checkFrom(node, from, at, slot, number)
  }

  const checkFrom = (
    node: NodeId,
    from: NodeId,
    at: Time,
    slot: Slot<content>,
    number: number,
  ): void => {
    let start = at
    if (slot.check > 0) {
      if (busyUntil[node]! > at) start = busyUntil[node]!
      busyUntil[node] = start + slot.check
    }
    const last = slot.attempt[node]! * attemptFactor
    post(kinds.check, start + slot.check, node, from, number, last)
  }

  const push = (
    from: NodeId,
    to: NodeId,
    slot: Slot<content>,
    number: number,
    copy: number,
  ): void => {
    const last = slot.attempt[to]! * attemptFactor + pushedBit + copy
    if (slot.phase[to]! >= phases.arrived && copy !== copies.whole) {
      // It knows, and says so before the copy leaves.
      return
    }
    send(from, to, slot, number, last)
  }

  /** Sends the whole block to some neighbours, drawn among all but the one that it came from. */
  const pushToSome = (node: NodeId, slot: Slot<content>, number: number): void => {
    const [start, end] = [offsets[node]!, offsets[node + 1]!]
    if (candidates.length < end - start) candidates = new Int32Array(2 * (end - start))
    let count = 0
    for (let at = start; at < end; at++) {
      if (targets[at] !== slot.source[node]) candidates[count++] = targets[at]!
    }
    for (let left = Math.floor(Math.sqrt(count)); left > 0; left--) {
      const at = choice.below(count)
      push(node, candidates[at]!, slot, number, copies.whole)
      candidates[at] = candidates[--count]!
    }
  }

  const pushUnchecked = (node: NodeId, slot: Slot<content>, number: number): void => {
    const { source } = slot
    if (isMember[node] === 1 && !(isMember[source[node]!] === 1)) {
      for (const to of members) if (to !== node) push(node, to, slot, number, copies.overlay)
    }
    if (isSquareRoot) pushToSome(node, slot, number)
    if (!isCompact) return
    for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
      const to = targets[at]!
      if (compact.isPushed[at] !== 1 || to === source[node]) continue
      push(node, to, slot, number, copies.compact)
    }
  }

  return {
    answer: (node, to, slot, number, last) => {
      const at = send(node, to, slot, number, last)
      const patience = slot.announced[to]! + asking.timeout
      if (at < 0 || at > patience) asking.giveUpLater(to, slot, number)
    },
    reach: (node, from, slot, number, last) => {
      const bytes = sizeOf(last & 3, slot, node)
      const sent = bytes / shareOf(from, node)
      const at = pipes.enter(node, from, bytes, sent, simulation.now())
      take(node, from, at, slot, number, last)
    },
    arrive: (node, from, slot, number, last) => {
      slot.phase[node] = phases.arrived
      if (isCompact && (last & 3) !== copies.overlay) compact.prefer(node, from)
      pushUnchecked(node, slot, number)
      checkFrom(node, from, simulation.now(), slot, number)
    },
    pushUnchecked,
    pushWhole: (node, slot, number) => {
      for (let at = offsets[node]!; at < offsets[node + 1]!; at++) {
        const to = targets[at]!
        if (to !== slot.source[node]) push(node, to, slot, number, copies.whole)
      }
    },
  }
}
