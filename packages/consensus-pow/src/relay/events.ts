import { priorities } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import type { Asking } from './asking.ts'
import { attemptFactor, pushedBit, type RelayCore } from './core.ts'
import type { Outages } from './outages.ts'
import type { Sending } from './sending.ts'
import { phases, type Slot } from './slots.ts'

export type KindsOptions<content> = {
  core: RelayCore<content>
  name: string
  asking: Asking<content>
  sending: Sending<content>
  outages: Outages
  /** The last event of a block is over. */
  close: (slot: Slot<content>, number: number) => void
}

/** Defines what happens at the relay's events. Returns how a node passes on what it has checked. */
export function defineKinds<content>(
  options: KindsOptions<content>,
): (node: NodeId, slot: Slot<content>, number: number) => void {
  const { core, name, asking, sending, outages, close } = options
  const { simulation, slots, kinds, up, travel, parameters } = core
  type Act = (node: NodeId, from: NodeId, slot: Slot<content>, number: number, last: number) => void

  const define = (what: keyof typeof kinds, act: Act, priority?: number): void => {
    kinds[what] = simulation.define(
      `${name}/block ${what}`,
      (node, from, number, last) => {
        const slot = slots.get(number)
        if (outages.holds(kinds[what], node, from, number, last)) return
        act(node, from, slot, number, last)
        if (--slot.pending === 0) close(slot, number)
      },
      priority,
    )
  }
  const isStale = (slot: Slot<content>, node: NodeId, last: number): boolean =>
    slot.attempt[node] !== (last / attemptFactor) >>> 0
  const isCut = (from: NodeId, to: NodeId): boolean =>
    travel.links.isActive && travel.links.cut(from, to) === 'drop'

  const passOn = (node: NodeId, slot: Slot<content>, number: number): void => {
    const { mode, pushBy } = parameters
    const pushes = mode === 'push' && (pushBy === 'everybody' || node === slot.spread.origin)
    if (pushes) sending.pushWhole(node, slot, number)
    else asking.announce(node, slot, number)
  }

  define('announce', (node, from, slot, number, last) => {
    if (up[node] === 0 || isStale(slot, node, last)) return
    if (isCut(from, node)) {
      if (slot.source[node] === from) asking.reconsider(node, slot, number)
    } else asking.hear(node, from, slot, number)
  })
  define('request', (node, from, slot, number, last) => {
    if (up[from] === 0 || isStale(slot, from, last)) return
    const hasBlock = slot.phase[node]! >= phases.arrived
    if (up[node] === 0 || isCut(from, node) || !hasBlock) asking.giveUpLater(from, slot, number)
    else sending.answer(node, from, slot, number, last)
  })
  define('reach', (node, from, slot, number, last) => {
    if (up[node] === 0 || isStale(slot, node, last)) return
    if (!isCut(from, node)) sending.reach(node, from, slot, number, last)
    else if ((last & pushedBit) === 0) asking.giveUpLater(node, slot, number)
  })
  define('arrive', (node, from, slot, number, last) => {
    if (up[node] === 0 || isStale(slot, node, last)) return
    // What came in earlier by another way has been dealt with.
    if (slot.phase[node]! < phases.arrived) sending.arrive(node, from, slot, number, last)
  })
  define('check', (node, _from, slot, number, last) => {
    if (up[node] === 0 || isStale(slot, node, last)) return
    if (slot.phase[node] === phases.checked) return
    slot.phase[node] = phases.checked
    if (core.handOver(node, slot)) passOn(node, slot, number)
  })
  define(
    'retry',
    (node, _none, slot, number, attempt) => asking.retry(node, slot, number, attempt),
    priorities.timer,
  )
  return passOn
}
