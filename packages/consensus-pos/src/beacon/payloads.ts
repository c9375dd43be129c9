import { lognormal, ms, type Simulation, type Time } from '@counterpoise/engine'
import type { ResolvedOptions } from './beaconOptions.ts'
import type { BeaconBlock } from './blocks.ts'
import type { BeaconChain } from './chain.ts'
import type { Delivery } from './delivery.ts'

/** When builders show what they have bid with (Gloas, EIP-7732). All values are assumed. */
export type PayloadOptions = {
  /** Median and sigma of the lognormal time of revealing after the slot's beginning, ms. */
  revealMedianMs: number
  revealSigma: number
  /** Share of the payloads that their builders never show. */
  withheldShare: number
  /** Compressed bytes of a block without its payload. */
  blockBytes: number
}

/** A block's payload: when it was shown, and when each node had it, µs. */
export type Payload = {
  time: Time
  seen: Float64Array
  /** Members of the payload timeliness committee who had it when it was due. */
  timely: number
  /** The node that shows it. */
  builder: number
  /** What executing it takes a node, µs. */
  work: Time
}

/** In forks whose payloads come apart from their blocks. */
export type Payloads = {
  /** The block is published: its builder decides when its payload is. */
  open: (block: BeaconBlock, work: Time) => void
  /** When the committee votes, after the slot's beginning, µs. */
  voteAfter: Time
  /** The committee of a slot votes. */
  vote: (slot: number) => void
  /** Does a proposer build upon the payload of a block? */
  extends: (parent: BeaconBlock, proposer: number, now: Time) => boolean
}

export function createPayloads(options: {
  simulation: Simulation
  settings: ResolvedOptions
  chain: BeaconChain
  delivery: Delivery
  up: Uint8Array
  startOf: (slot: number) => Time
  nodeAt: (point: number) => number
}): Payloads | undefined {
  const { simulation, settings, chain, delivery, up, startOf, nodeAt } = options
  const { name, payloads, nodes } = settings
  const rules = settings.profile.payload
  if (rules === undefined) return undefined
  const { committee } = rules
  const due = ms(Math.floor((settings.slotMs * rules.dueBps) / 10_000))
  const pending = new Map<number, BeaconBlock>()
  const stream = simulation.stream(`${name}/payloads`)

  const publish = (id: number): void => {
    const block = pending.get(id)
    pending.delete(id)
    const payload = block?.payload
    if (block === undefined || payload === undefined || up[payload.builder] === 0) return
    payload.time = simulation.now()
    payload.seen = delivery.spread(payload.builder, block.bytes, payload.time)
    for (let node = 0; node < payload.seen.length; node++) {
      // Nobody can use a payload before its block.
      payload.seen[node] = Math.max(payload.seen[node]!, block.seen[node]!) + payload.work
    }
  }
  const revealKind = simulation.define(`${name}/reveal`, publish)

  const open = (block: BeaconBlock, work: Time): void => {
    const builder = nodeAt(stream.uniform())
    const isWithheld = stream.chance(payloads.withheldShare)
    const after = ms(lognormal(stream, payloads.revealMedianMs, payloads.revealSigma))
    const seen = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY)
    block.payload = { time: Number.POSITIVE_INFINITY, seen, timely: 0, builder, work }
    if (isWithheld) return
    pending.set(block.id, block)
    // A builder has to see the block first.
    const at = Math.max(startOf(block.slot) + after, block.seen[builder]!, simulation.now())
    if (at < Number.POSITIVE_INFINITY) simulation.at(at, revealKind, block.id)
  }

  const vote = (slot: number): void => {
    const draws = simulation.detachedStream(`${name}/payload-committee`, slot)
    const members = Array.from({ length: committee }, () => nodeAt(draws.uniform()))
    for (let id = chain.blocks.length - 1; id > 0 && chain.blocks[id]!.slot === slot; id--) {
      const { payload } = chain.blocks[id]!
      if (payload === undefined) continue
      const last = startOf(slot) + due
      payload.timely = members.filter(
        (node) => up[node] === 1 && payload.seen[node]! <= last,
      ).length
    }
  }

  return {
    open,
    vote,
    voteAfter: ms(Math.floor((settings.slotMs * rules.voteDueBps) / 10_000)),
    extends: ({ payload }, proposer, now) => {
      // What stands before the first slot is whole.
      if (payload === undefined) return true
      return payload.timely > committee / 2 && payload.seen[proposer]! <= now
    },
  }
}

/** True where the payload of a block is part of the chain that ends in a later one. */
export function isWhole(chain: BeaconChain, block: number, child: number | undefined): boolean {
  if (chain.blocks[block]!.payload === undefined) return true
  return child === undefined ? false : chain.blocks[child]!.isParentWhole !== false
}
