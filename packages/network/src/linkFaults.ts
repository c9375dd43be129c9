import {
  createSampler,
  type Distribution,
  type Sampler,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import { LinkFaultError } from './errors.ts'
import { coverOf, createLinkCovers, type FaultyLinks, type LinkCover } from './linkCover.ts'
import type { NodeId } from './places.ts'

/**
 * What a cut does to a message that it meets, when it is sent or when it arrives: it is dropped,
 * or held and delivered when the cut is over, in order.
 */
export type CutMode = 'drop' | 'hold'

/** What happens between groups: a cut, or the link works with so many µs more. */
export type PartitionMode = CutMode | { slow: Time }

/** What is wrong with links. Several faults on one link add up. */
export type LinkEffect = {
  cut?: CutMode | undefined
  /** Probability that a message is lost, besides the network's own. */
  loss?: number | undefined
  /** Drawn for each message and added to the latency, ms; cut off at 0. */
  delay?: Distribution | undefined
  /**
   * The part of the sender's bandwidth that is left to the link, above 0 and at most 1. Where no
   * bandwidth is limited it changes nothing.
   */
  throttle?: number | undefined
}

/** Effects on some links. */
export type LinkFault = LinkEffect & FaultyLinks

/** The faults that are on, and what they do to a copy. */
export type LinkFaults = {
  /** False where nothing is wrong anywhere: then nobody needs to ask. */
  isActive: boolean
  /** Whether some fault is on a link: what none is on need not be asked about the rest. */
  touches: (from: NodeId, to: NodeId) => boolean
  assignGroup: (node: NodeId, group: number) => void
  setPartitionMode: (mode: PartitionMode) => void
  /** Adds a fault; the function that it returns takes it away. */
  add: (fault: LinkFault) => () => void
  /** What a cut does on a link at this moment; undefined where there is none. */
  cut: (from: NodeId, to: NodeId) => CutMode | undefined
  /** Whether a copy is lost; it draws once where some fault of the link loses messages. */
  isLost: (from: NodeId, to: NodeId, stream: (node: NodeId) => Stream) => boolean
  /** What a copy's way takes more, µs. */
  delay: (from: NodeId, to: NodeId, stream: (node: NodeId) => Stream) => Time
  /** The part of the bandwidth that is left to a link. */
  share: (from: NodeId, to: NodeId) => number
  /** How many faults were added and are on. */
  count: () => number
  save: () => SavedGroups
  /** Puts groups back and ends all faults that are on. */
  restore: (saved: SavedGroups) => void
}

export type SavedGroups = { groups: Int32Array; mode: PartitionMode }

type Rule = LinkEffect & LinkCover & {
  sampler: Sampler | undefined
}

/** Links between `size` nodes; `onChange` is called after each change of what is cut. */
export function createLinkFaults(size: number, onChange: () => void): LinkFaults {
  const groups = new Int32Array(size)
  /** How many nodes are in another group than 0. */
  let apart = 0
  let mode: PartitionMode = 'drop'
  let rules: readonly Rule[] = []
  const covered = createLinkCovers(size)
  /** Arrivals ask about cuts only. */
  const cutOff = createLinkCovers(size)

  const isApart = (from: NodeId, to: NodeId): boolean =>
    apart > 0 && groups[from] !== groups[to]
  const changed = (): void => {
    faults.isActive = apart > 0 || rules.length > 0
    onChange()
  }

  const take = (rule: Rule): void => {
    rules = rules.filter((other) => other !== rule)
    covered.remove(rule)
    if (rule.cut !== undefined) cutOff.remove(rule)
  }

  const faults: LinkFaults = {
    isActive: false,
    touches: (from, to) => isApart(from, to) || covered.covers(from, to),
    assignGroup: (node, group) => {
      if (!(node >>> 0 === node && node < size)) {
        throw new LinkFaultError(`nodes from 0 to ${size - 1}`, node)
      }
      if ((group | 0) !== group) throw new LinkFaultError('groups by whole numbers', group)
      apart += (group === 0 ? 0 : 1) - (groups[node] === 0 ? 0 : 1)
      groups[node] = group
      changed()
    },
    setPartitionMode: (next) => {
      if (typeof next === 'object' && !(Number.isSafeInteger(next.slow) && next.slow >= 0)) {
        throw new LinkFaultError('a delay of whole µs, at least 0', next.slow)
      }
      if (typeof next !== 'object') expectCut(next)
      mode = next
      changed()
    },
    add: (fault) => {
      const rule = ruleOf(fault, size)
      rules = [...rules, rule]
      covered.add(rule)
      if (rule.cut !== undefined) cutOff.add(rule)
      changed()
      return () => {
        if (!rules.includes(rule)) return
        take(rule)
        changed()
      }
    },
    cut: (from, to) => {
      let found = isApart(from, to) && typeof mode === 'string' ? mode : undefined
      if (!cutOff.covers(from, to)) return found
      for (const { cut, covers } of rules) {
        // What one fault drops, another cannot hold.
        if (cut !== undefined && found !== 'drop' && covers(from, to)) found = cut
      }
      return found
    },
    isLost: (from, to, stream) => {
      let passes = 1
      for (const { loss = 0, covers } of rules) if (loss > 0 && covers(from, to)) passes *= 1 - loss
      return passes < 1 && stream(from).chance(1 - passes)
    },
    delay: (from, to, stream) => {
      let delay = isApart(from, to) && typeof mode === 'object' ? mode.slow : 0
      for (const { sampler, covers } of rules) {
        if (sampler === undefined || !covers(from, to)) continue
        delay += Math.max(0, Math.round(sampler(stream(from)) * 1_000))
      }
      return delay
    },
    share: (from, to) => {
      let share = 1
      for (const { throttle = 1, covers } of rules) if (covers(from, to)) share *= throttle
      return share
    },
    count: () => rules.length,
    save: () => ({ groups, mode }),
    restore: (saved) => {
      rules.forEach(take)
      groups.set(saved.groups)
      apart = groups.filter((group) => group !== 0).length
      mode = saved.mode
      changed()
    },
  }
  return faults
}

/** @throws LinkFaultError where a number is out of its range or a node is unknown. */
function ruleOf(fault: LinkFault, size: number): Rule {
  const { loss = 0, throttle = 1, delay, cut } = fault
  if (cut !== undefined) expectCut(cut)
  if (!(loss >= 0 && loss <= 1)) {
    throw new LinkFaultError('a probability of loss from 0 to 1', loss)
  }
  if (!(throttle > 0 && throttle <= 1)) {
    throw new LinkFaultError('a throttle above 0 and at most 1', throttle)
  }
  const sampler = delay === undefined ? undefined : createSampler(delay)
  return { ...fault, sampler, ...coverOf(fault, size) }
}

function expectCut(mode: unknown): void {
  if (mode === 'drop' || mode === 'hold') return
  throw new LinkFaultError("a cut that is 'drop' or 'hold', or `{ slow }` between groups", mode)
}
