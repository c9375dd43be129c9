import type { NodeId } from '@counterpoise/network'
import type { Asking } from './asking.ts'
import type { RelayCore } from './core.ts'
import { phases } from './slots.ts'

/**
 * What outages and cuts do to blocks under way. A cut meets words when they are sent and when they
 * arrive. A copy meets it when it is sent, and again before the downlink of its receiver; where
 * that has no limit, all is settled when the copy is sent, and what was sent before a cut arrives.
 */
export type Outages = {
  /** A node went down or came up. */
  note: (node: NodeId, up: boolean) => void
  /** Whether a cut holds what reaches a node now; it then comes when the cut is over. */
  holds: (kind: number, node: NodeId, from: NodeId, number: number, last: number) => boolean
  /** Lets go of what is held by no cut any more. */
  letGo: () => void
}

type Held = { kind: number; node: NodeId; from: NodeId; number: number; last: number }

export function createOutages<content>(
  core: RelayCore<content>,
  asking: Asking<content>,
): Outages {
  const { simulation, slots, travel, pipes, kinds, up, size, busyUntil } = core
  let held: Held[] = []

  const isHeld = (kind: number, node: NodeId, from: NodeId): boolean => {
    const isMessage = kind === kinds.announce || kind === kinds.request || kind === kinds.reach
    return isMessage && travel.links.cut(from, node) === 'hold'
  }

  /** What a node has not sent when it goes down never comes. */
  const loseUnsent = (node: NodeId): void => {
    const now = simulation.now()
    slots.forEach((slot, number) => {
      const { source, departed, arrived, phase, attempt } = slot
      for (let other = 0; other < size; other++) {
        if (source[other] !== node || phase[other]! >= phases.arrived) continue
        if (phase[other] === phases.unknown && arrived[other] === Infinity) continue
        if (departed[other]! <= now) continue
        attempt[other] = (attempt[other]! + 1) & 0xff
        phase[other] = phases.asked
        arrived[other] = Number.POSITIVE_INFINITY
        asking.giveUpLater(other, slot, number)
      }
    })
  }

  /** What was under way to a node while it was down is lost; it hears of blocks again. */
  const startAgain = (node: NodeId): void => {
    slots.forEach(({ phase, attempt, announced, arrived }) => {
      if (phase[node] === phases.checked) return
      attempt[node] = (attempt[node]! + 1) & 0xff
      phase[node] = phases.unknown
      announced[node] = Number.POSITIVE_INFINITY
      arrived[node] = Number.POSITIVE_INFINITY
    })
  }

  return {
    note: (node, isUp) => {
      up[node] = isUp ? 1 : 0
      pipes.clear(node, simulation.now())
      busyUntil[node] = simulation.now()
      if (isUp) startAgain(node)
      else loseUnsent(node)
    },
    holds: (kind, node, from, number, last) => {
      if (!travel.links.isActive || !isHeld(kind, node, from)) return false
      held.push({ kind, node, from, number, last })
      return true
    },
    letGo: () => {
      if (held.length === 0) return
      const waiting = held
      held = []
      for (const each of waiting) {
        if (isHeld(each.kind, each.node, each.from)) {
          held.push(each)
          continue
        }
        const { announced, source } = slots.get(each.number)
        if (each.kind === kinds.announce && source[each.node] === each.from) {
          announced[each.node] = simulation.now()
        }
        simulation.after(0, each.kind, each.node, each.from, each.number, each.last)
      }
    },
  }
}
