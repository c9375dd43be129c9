import { type EventHandle, priorities, type Time } from '@counterpoise/engine'
import type { NodeId } from '../places.ts'
import { maxMinShares } from './maxMinShares.ts'
import { ratesOf } from './nodeQueue.ts'
import { type Fate, fates, type Transport, type TransportContext } from './transport.ts'

/** A copy that is being sent. */
type Flow = {
  from: NodeId
  to: NodeId
  slot: number
  delay: Time
  /** The part of the bandwidth that the link leaves it. */
  share: number
  fate: Fate
  /** Bytes still to send at the time of the last plan. */
  left: number
  /** Bytes per second since then. */
  rate: number
  /** When it ends if nothing changes, µs. */
  end: Time
}

/**
 * Concurrent flows share the uplinks and downlinks they cross max-min fairly; copies of one sender
 * to one receiver go one after the other, as over a connection. Rates are planned anew whenever a
 * flow begins or ends (once for all that begin in one instant), which takes time in proportion to
 * the flows. A copy arrives its delay after its last byte has left.
 */
export function createFairSharing(context: TransportContext): Transport {
  const { simulation, name, places, bytes, retain, release, drop, inOrder, deliverKind } = context
  const up = ratesOf(places.map((place) => place.uplinkBytesPerSecond))
  const down = ratesOf(places.map((place) => place.downlinkBytesPerSecond))
  let flows: Flow[] = []
  /** What waits until the copy before it on the same directed link has left. */
  const waiting = new Map<number, Flow[]>()
  let plannedAt = 0
  let isDirty = false
  let nextEnd: EventHandle | undefined

  const linkOf = ({ from, to }: Flow): number => from * places.length + to
  const capOf = (flow: Flow): number => {
    if (flow.share === 1) return Number.POSITIVE_INFINITY
    // A part of the sender's bandwidth; of the receiver's where nothing else is limited.
    return (up[flow.from]! || down[flow.to]!) * flow.share
  }

  const plan = (): void => {
    const now = simulation.now()
    for (const flow of flows) {
      flow.left = Math.max(0, flow.left - (flow.rate * (now - plannedAt)) / 1_000_000)
    }
    plannedAt = now
    const columns = {
      from: flows.map((flow) => flow.from),
      to: flows.map((flow) => flow.to),
      cap: flows.map(capOf),
    }
    const rates = maxMinShares(columns, up, down)
    let first = Number.POSITIVE_INFINITY
    flows.forEach((flow, index) => {
      flow.rate = rates[index]!
      flow.end = now + Math.ceil((flow.left * 1_000_000) / flow.rate)
      if (flow.end < first) first = flow.end
    })
    if (nextEnd !== undefined) simulation.cancel(nextEnd)
    nextEnd = flows.length === 0 ? undefined : simulation.at(first, endKind)
  }

  const planKind = simulation.define(
    `${name}/share`,
    () => {
      isDirty = false
      plan()
    },
    priorities.protocol,
  )
  /** Plans at the end of this instant, after all that begins in it. */
  const replan = (): void => {
    if (isDirty) return
    isDirty = true
    simulation.after(0, planKind)
  }

  const begin = (flow: Flow): void => {
    // Until the plan it has no rate, so it loses no bytes to the time before it began, and no end.
    flow.end = Number.POSITIVE_INFINITY
    flows.push(flow)
    replan()
  }

  const follow = (flow: Flow): void => {
    const queue = waiting.get(linkOf(flow))!
    const next = queue.shift()
    if (next === undefined) waiting.delete(linkOf(flow))
    else begin(next)
  }

  const finish = (flow: Flow): void => {
    if (flow.fate === fates.wasted) release(flow.slot)
    else {
      const { from, to, slot, delay, fate } = flow
      simulation.at(inOrder(from, to, simulation.now() + delay, fate), deliverKind, to, from, slot)
    }
  }

  const endKind = simulation.define(
    `${name}/flow ends`,
    () => {
      nextEnd = undefined
      const now = simulation.now()
      const ended = flows.filter((flow) => flow.end <= now)
      flows = flows.filter((flow) => flow.end > now)
      for (const flow of ended) {
        finish(flow)
        follow(flow)
      }
      replan()
    },
    priorities.protocol,
  )

  return {
    carry: (from, to, slot, delay, share, fate) => {
      const flow = { from, to, slot, delay, share, fate, left: bytes(slot), rate: 0, end: 0 }
      retain(slot)
      if (up[from] === 0 && down[to] === 0) {
        finish(flow)
        return
      }
      const queue = waiting.get(linkOf(flow))
      if (queue === undefined) {
        waiting.set(linkOf(flow), [])
        begin(flow)
      } else queue.push(flow)
    },
    isUnlimited: () => false,
    clear: (node) => {
      const isHit = ({ from, to }: Flow): boolean => from === node || to === node
      const lost = (flow: Flow): void => (flow.fate === fates.wasted ? release : drop)(flow.slot)
      for (const [link, queue] of waiting) {
        const [from, to] = [Math.floor(link / places.length), link % places.length]
        if (from !== node && to !== node) continue
        queue.forEach(lost)
        waiting.delete(link)
      }
      const hit = flows.filter(isHit)
      if (hit.length === 0) return
      hit.forEach(lost)
      flows = flows.filter((flow) => !isHit(flow))
      replan()
    },
  }
}
