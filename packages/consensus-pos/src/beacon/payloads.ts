import { lognormal, ms, type Simulation, type Time } from '@counterpoise/engine'
import { createBuilderLedger } from '../transition/builderPayments.ts'
import { gweiPerEther } from '../transition/gwei.ts'
import type { ResolvedOptions } from './beaconOptions.ts'
import { type BeaconBlock, buildsOnFull } from './blocks.ts'
import { type BidOptions, createBidding } from './builders.ts'
import type { BeaconChain } from './chain.ts'
import type { Delivery } from './delivery.ts'
import type { Choice } from './heads.ts'
import { noTally, opposesPayload, type PayloadTally } from './payloadVotes.ts'

/** When builders show what they have bid with (Gloas, EIP-7732). These values are assumed. */
export type PayloadOptions = BidOptions & {
  /** Median and sigma of the lognormal time of revealing after the slot's beginning, ms. */
  revealMedianMs: number
  revealSigma: number
  /** Share of the payloads that their builders never show. */
  withheldShare: number
  /** Compressed bytes of a block without its payload. */
  blockBytes: number
}

/** A block's payload: when it was shown, and when each node had it and had executed it, µs. */
export type Payload = {
  /** The number of its block. */
  payloadOf: number
  time: Time
  seen: Float64Array
  settled: number
  partial: boolean
  /** The node that shows it. */
  builder: number
  /** What executing it takes a node, µs. */
  work: Time
}

/** In forks whose payloads come apart from their blocks. */
export type Payloads = {
  /** Sets a block's bid: of a builder, or of the proposer itself. */
  bid: (block: BeaconBlock, buildsItself: boolean) => void
  /** The block is published: its builder decides when its payload is. */
  open: (block: BeaconBlock, work: Time) => void
  /** A block that is kept back has its payload with it, by whoever made it. */
  enclose: (block: BeaconBlock, work: Time) => void
  /** When the committee votes, after the slot's beginning, µs. */
  voteAfter: Time
  /** The committee of a slot votes. */
  vote: (slot: number) => void
  /** Does who follows this head build upon its payload? `should_build_on_full`. */
  extends: (choice: Choice) => boolean
}

/** Bytes of a committee member's vote. Assumed: a signature and what it signs. */
const voteBytes = 300

/** When a payload committee votes in a slot of that length, µs. */
export function payloadVoteAfter({ slotMs, profile }: ResolvedOptions): Time | undefined {
  const rules = profile.payload
  return rules && ms(Math.floor((slotMs * rules.voteDueBps) / 10_000))
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
  const { payload: rules, builders: builderRules } = settings.profile
  const voteAfter = payloadVoteAfter(settings)
  if (rules === undefined || builderRules === undefined || voteAfter === undefined) return undefined
  const gwei = Math.floor(payloads.builderBalanceEther * gweiPerEther)
  chain.blocks[0]!.builders = createBuilderLedger(payloads.builders.map(() => gwei))
  const { committee } = rules
  const due = ms(Math.floor((settings.slotMs * rules.dueBps) / 10_000))
  const pending = new Map<number, BeaconBlock>()
  const isReachable = (from: number, to: number): boolean => {
    const sides = delivery.sides()
    return up[from] === 1 && (sides === undefined || sides[from] === sides[to])
  }
  const market = { simulation, name, nodeAt, isReachable }
  const bidding = createBidding(market, payloads, builderRules)
  /** The nodes from which payloads of blocks that are not published yet will come. */
  const homes = new WeakMap<BeaconBlock, number>()
  const stream = simulation.stream(`${name}/payloads`)

  const publish = (id: number): void => {
    const block = pending.get(id)
    pending.delete(id)
    const payload = block?.payload
    if (block === undefined || payload === undefined || up[payload.builder] === 0) return
    payload.time = simulation.now()
    const seen = delivery.spread(payload.builder, block.bytes, payload.time)
    for (let node = 0; node < seen.length; node++) {
      // Nobody can use a payload before its block.
      seen[node] = Math.max(seen[node]!, block.seen[node]!) + payload.work
    }
    delivery.addPayload(payload, seen)
  }
  const revealKind = simulation.define(`${name}/reveal`, publish)

  const payloadOf = (block: BeaconBlock, builder: number, work: Time): Payload => ({
    payloadOf: block.id,
    time: Number.POSITIVE_INFINITY,
    seen: new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY),
    settled: 0,
    partial: true,
    builder,
    work,
  })

  const open = (block: BeaconBlock, work: Time): void => {
    const builder = homes.get(block) ?? block.proposer
    const isWithheld = stream.chance(payloads.withheldShare)
    const after = ms(lognormal(stream, payloads.revealMedianMs, payloads.revealSigma))
    block.payload = payloadOf(block, builder, work)
    if (isWithheld) return
    pending.set(block.id, block)
    // A builder has to see the block first.
    const at = Math.max(startOf(block.slot) + after, block.seen[builder]!, simulation.now())
    if (at < Number.POSITIVE_INFINITY) simulation.at(at, revealKind, block.id)
  }

  const enclose = (block: BeaconBlock, work: Time): void => {
    block.payload = payloadOf(block, block.proposer, work)
    block.payload.time = block.time
    delivery.addPayload(block.payload, block.seen)
  }

  const vote = (slot: number): void => {
    const draws = simulation.detachedStream(`${name}/payload-committee`, slot)
    const members = Array.from({ length: committee }, () => nodeAt(draws.uniform()))
    const now = simulation.now()
    const sides = delivery.sides()
    for (let id = chain.blocks.length - 1; id > 0 && chain.blocks[id]!.slot === slot; id--) {
      const { payload, seen } = chain.blocks[id]!
      if (payload === undefined) continue
      /** What the members of each side say, and one of them. */
      const said = new Map<number, { tally: PayloadTally; source: number }>()
      for (const node of members) {
        // Who has not seen the block says nothing.
        if (up[node] === 0 || seen[node]! > now) continue
        const side = sides?.[node] ?? 0
        const entry = said.get(side) ?? { tally: { ...noTally }, source: node }
        said.set(side, entry)
        entry.tally[payload.seen[node]! <= startOf(slot) + due ? 'timely' : 'late']++
        // Its data comes with the payload, and counts until the vote itself.
        entry.tally[payload.seen[node]! <= now ? 'available' : 'unavailable']++
      }
      for (const { tally, source } of said.values()) {
        const arrivals = delivery.spread(source, voteBytes, now)
        delivery.addPayloadVotes({ block: id, slot, ...tally, seen: arrivals })
      }
    }
  }

  return {
    bid: (block, buildsItself) => {
      const { slot, proposer } = block
      const { bid, node } = bidding(chain.blocks[block.parent]!, slot, proposer, buildsItself)
      block.bid = bid
      homes.set(block, node)
    },
    ...{ open, enclose, vote, voteAfter },
    extends: ({ isFull, tally }) => isFull && !opposesPayload(tally ?? noTally, committee),
  }
}

/** When a node can use a block: one that builds upon a payload waits for that, µs. */
export function usableAt({ blocks }: BeaconChain, block: BeaconBlock, node: number): Time {
  const at = block.seen[node]!
  const payload = buildsOnFull(block) ? blocks[block.parent]?.payload : undefined
  return payload === undefined ? at : Math.max(at, payload.seen[node]!)
}

/** Does a node have the payload of a block, or was it in the block? */
export const hasPayload = ({ payload }: BeaconBlock, node: number, now: Time): boolean =>
  payload === undefined || payload.seen[node]! <= now

/** True where the payload of a block is part of the chain that ends in a later one. */
export function isWhole(chain: BeaconChain, block: number, child: number | undefined): boolean {
  if (chain.blocks[block]!.payload === undefined) return true
  return child === undefined ? false : buildsOnFull(chain.blocks[child]!)
}
