import type { Bundle } from './bundles.ts'
import { type BeaconChain, slotsPerEpoch } from './chain.ts'

/** Whose votes a fork choice counts. */
export type Electorate = {
  nodes: number
  /** Effective balance of each node's validators, ETH. */
  effective: ArrayLike<number>
  /** The line whose validators vote in a slot, 0 to 31; −1 where no line lasts. */
  lineOf: (slot: number) => number
}

/** Adds a vote's weight, ETH, to a block; a negative one takes it away. */
export type AddWeight = (block: number, ether: number) => void

export type LatestVotes = {
  /** Everybody has the bundle and its block now, for good. */
  settle: (bundle: Bundle) => void
  /** The weights that a view gives: its latest vote for each line of each node. */
  weigh: (slot: number, open: readonly number[], has: (bundle: number) => boolean) => void
}

/**
 * Latest messages. What everybody has is kept in one table for all; a view adds what only some
 * have. Validators that a view has caught at two votes for one epoch count there no longer, in
 * whatever they say later. Where no lines last, a vote counts for 32 slots, until the next one.
 */
export function createLatestVotes(
  chain: BeaconChain,
  { nodes, effective, lineOf }: Electorate,
  discount: boolean,
  add: AddWeight,
): LatestVotes {
  const { bundles } = chain
  const places = slotsPerEpoch * nodes
  /** The latest vote that everybody has of a line and node, and its weight. */
  const latest = new Int32Array(places).fill(-1)
  const amounts = new Float64Array(places)
  const caught = new Uint8Array(places)
  /** The last view that has counted, or barred, a line and node. */
  const stamps = new Int32Array(places)
  let stamp = 0
  /** Weight of the settled bundles that is not superseded, by bundle. */
  const alive = new Map<number, number>()

  const each = (bundle: Bundle, what: (place: number, ether: number) => void): void => {
    const first = lineOf(bundle.slot) * nodes
    bundle.voters.forEach((node, index) =>
      what(first + node, bundle.members[index]! * effective[node]!),
    )
  }

  const lessen = (id: number, ether: number): void => {
    const left = alive.get(id)
    if (left === undefined) return
    if (left - ether > 0) alive.set(id, left - ether)
    else alive.delete(id)
  }

  const isNewer = (bundle: Bundle, than: number): boolean =>
    than < 0 || bundle.targetEpoch > bundles[than]!.targetEpoch

  const settle = (bundle: Bundle): void => {
    if (lineOf(bundle.slot) < 0) return
    const twin = bundles[bundle.twin]
    if (discount && twin !== undefined && bundle.twinSettled === true) {
      each(bundle, (place) => {
        lessen(latest[place]!, amounts[place]!)
        latest[place] = -1
        caught[place] = 1
      })
      return
    }
    if (twin !== undefined) twin.twinSettled = true
    let sum = 0
    each(bundle, (place, ether) => {
      if (caught[place] === 1 || !isNewer(bundle, latest[place]!)) return
      lessen(latest[place]!, amounts[place]!)
      latest[place] = bundle.id
      amounts[place] = ether
      sum += ether
    })
    if (sum > 0) alive.set(bundle.id, sum)
  }

  /** Bars whom this view has caught: their settled votes are taken away as well. */
  const bar = (open: readonly number[], has: (bundle: number) => boolean): void => {
    for (const id of open) {
      const { twin, slot } = bundles[id]!
      if (twin < 0 || lineOf(slot) < 0 || !has(id) || !has(twin)) continue
      each(bundles[id]!, (place) => {
        if (stamps[place] === stamp) return
        stamps[place] = stamp
        if (latest[place]! >= 0) add(bundles[latest[place]!]!.head, -amounts[place]!)
      })
    }
  }

  const weigh: LatestVotes['weigh'] = (slot, open, has) => {
    stamp++
    for (const [id, ether] of alive) add(bundles[id]!.head, ether)
    if (discount) bar(open, has)
    for (let at = open.length - 1; at >= 0; at--) {
      const bundle = bundles[open[at]!]!
      if (bundle.slot >= slot || lineOf(bundle.slot) < 0 || !has(bundle.id)) continue
      // Of two votes for one epoch the second is none.
      if (bundle.twin >= 0 && bundle.twin < bundle.id && has(bundle.twin)) continue
      each(bundle, (place, ether) => {
        const before = latest[place]!
        if (stamps[place] === stamp || caught[place] === 1 || !isNewer(bundle, before)) return
        stamps[place] = stamp
        if (before >= 0) add(bundles[before]!.head, -amounts[place]!)
        add(bundle.head, ether)
      })
    }
    weighRecent(slot, has)
  }

  /** Without lines: a validator votes once per epoch, so of 32 slots each vote is its latest. */
  const weighRecent = (slot: number, has: (bundle: number) => boolean): void => {
    for (let id = bundles.length - 1; id >= 0; id--) {
      const bundle = bundles[id]!
      if (bundle.slot < slot - slotsPerEpoch || lineOf(bundle.slot) >= 0) break
      if (bundle.slot >= slot || !has(id)) continue
      if (discount && bundle.twin >= 0 && has(bundle.twin)) continue
      add(bundle.head, bundle.ether)
    }
  }

  return { settle, weigh }
}
