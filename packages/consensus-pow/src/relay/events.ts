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
  const { links } = travel
  /** The last thing that a handler does: without more events the block is over. */
  const leave = (slot: Slot<content>, number: number): void => {
    if (--slot.pending === 0) close(slot, number)
  }
  const isStale = (slot: Slot<content>, node: NodeId, last: number): boolean =>
    slot.attempt[node] !== (last / attemptFactor) >>> 0
  const isCut = (from: NodeId, to: NodeId): boolean =>
    links.isActive && links.cut(from, to) === 'drop'

  const passOn = (node: NodeId, slot: Slot<content>, number: number): void => {
    const { mode, pushBy } = parameters
    const isPusher = pushBy === 'everybody' || (pushBy === 'miner' && node === slot.spread.origin)
    if (mode === 'push' && isPusher) sending.pushWhole(node, slot, number)
    else asking.announce(node, slot, number)
  }

  kinds.announce = simulation.define(`${name}/block announce`, (node, from, number, last) => {
    const slot = slots.get(number)
    if (links.isActive && outages.holds(kinds.announce, node, from, number, last)) return
    if (up[node] === 1 && !isStale(slot, node, last)) {
      if (!isCut(from, node)) asking.hear(node, from, slot, number)
      else if (slot.source[node] === from) asking.reconsider(node, slot, number)
    }
    leave(slot, number)
  })
  kinds.request = simulation.define(`${name}/block request`, (node, from, number, last) => {
    const slot = slots.get(number)
    if (links.isActive && outages.holds(kinds.request, node, from, number, last)) return
    if (up[from] === 1 && !isStale(slot, from, last)) {
      const hasBlock = slot.phase[node]! >= phases.arrived
      if (up[node] === 1 && hasBlock && !isCut(from, node)) {
        sending.answer(node, from, slot, number, last)
      } else asking.giveUpLater(from, slot, number)
    }
    leave(slot, number)
  })
  kinds.reach = simulation.define(`${name}/block reach`, (node, from, number, last) => {
    const slot = slots.get(number)
    if (links.isActive && outages.holds(kinds.reach, node, from, number, last)) return
    if (up[node] === 1 && !isStale(slot, node, last)) {
      if (!isCut(from, node)) sending.reach(node, from, slot, number, last)
      else if ((last & pushedBit) === 0) asking.giveUpLater(node, slot, number)
    }
    leave(slot, number)
  })
  kinds.arrive = simulation.define(`${name}/block arrive`, (node, from, number, last) => {
    const slot = slots.get(number)
    // What came in earlier by another way has been dealt with.
    if (up[node] === 1 && !isStale(slot, node, last) && slot.phase[node]! < phases.arrived) {
      sending.arrive(node, from, slot, number, last)
    }
    leave(slot, number)
  })
  kinds.check = simulation.define(`${name}/block check`, (node, _from, number, last) => {
    const slot = slots.get(number)
    const isNew = slot.phase[node] !== phases.checked
    if (isNew && up[node] === 1 && !isStale(slot, node, last)) {
      slot.phase[node] = phases.checked
      if (core.handOver(node, slot)) passOn(node, slot, number)
    }
    leave(slot, number)
  })
  kinds.ask = simulation.define(`${name}/block ask`, (node, from, number, last) => {
    const slot = slots.get(number)
    if (up[node] === 1 && !isStale(slot, node, last)) asking.askIfAbsent(node, from, slot, number)
    leave(slot, number)
  }, priorities.timer)
  kinds.retry = simulation.define(`${name}/block retry`, (node, _none, number, attempt) => {
    const slot = slots.get(number)
    asking.retry(node, slot, number, attempt)
    leave(slot, number)
  }, priorities.timer)
  return passOn
}
