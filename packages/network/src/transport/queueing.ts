import { createNodeQueue, ratesOf } from './nodeQueue.ts'
import { fates, type Transport, type TransportContext } from './transport.ts'

/**
 * Store and forward: a copy waits until those before it have left the sender, leaves at the rate
 * of the sender's uplink, is on its way, waits again until those before it have come in, and comes
 * in at the rate of the receiver's downlink.
 */
export function createQueueing(context: TransportContext): Transport {
  const { simulation, name, places, bytes, isUp, retain, drop, inOrder, deliverKind } = context
  const up = createNodeQueue(simulation, ratesOf(places.map((place) => place.uplinkBytesPerSecond)))
  const downRates = ratesOf(places.map((place) => place.downlinkBytesPerSecond))
  const down = createNodeQueue(simulation, downRates)

  const reach = (to: number, from: number, slot: number): void => {
    if (!isUp(to)) {
      drop(slot)
      return
    }
    const through = down.enter(to, bytes(slot), 1)
    down.note(to, through, simulation.at(through, deliverKind, to, from, slot), slot)
  }
  // Without downlinks there is no such kind, so that the kinds of other parts keep their numbers.
  const reachKind = downRates.some((rate) => rate > 0)
    ? simulation.define(`${name}/downlink`, reach)
    : deliverKind

  return {
    carry: (from, to, slot, delay, share, fate) => {
      const isQueued = up.rate(from) > 0
      const departure = isQueued ? up.enter(from, bytes(slot), share) : simulation.now()
      if (fate === fates.wasted) return
      const arrival = inOrder(from, to, departure + delay, fate)
      if (fate === fates.counted) return
      const kind = downRates[to]! > 0 ? reachKind : deliverKind
      retain(slot)
      const event = simulation.at(arrival, kind, to, from, slot)
      if (isQueued) up.note(from, departure, event, slot)
    },
    isUnlimited: (to) => downRates[to] === 0,
    clear: (node) => {
      up.clear(node, drop)
      down.clear(node, drop)
    },
  }
}
