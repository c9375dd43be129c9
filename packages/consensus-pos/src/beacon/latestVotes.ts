import { type Bundle, sharedVoters } from './bundles.ts'
import { type BeaconChain, slotsPerEpoch } from './chain.ts'
import type { Conflict } from './evidence.ts'

/** Whose votes a fork choice counts. */
export type Electorate = {
  nodes: number
  /** Effective balance of each node's validators, ETH. */
  effective: ArrayLike<number>
  /** The line whose validators vote in a slot, 0 to 31; −1 where no line lasts. */
  lineOf: (slot: number) => number
}

/** Adds a vote's weight, ETH, to what it names; a negative one takes it away. */
export type AddWeight = (bundle: Bundle, ether: number) => void

/** What a view knows of blocks and votes. */
export type SeenVotes = {
  slot: number
  /** Blocks, and bundles, by number. */
  sees: (block: number) => boolean
  hasVote: (bundle: number) => boolean
  /** Whether the payload of a block is there, by number. */
  hasPayload: (block: number) => boolean
  /** The bundles that not everybody has yet, ascending. */
  open: readonly number[]
}

export type LatestVotes = {
  /** Everybody has the bundle and its block now, for good. */
  settle: (bundle: Bundle) => void
  /**
   * The weights that a view gives: its latest vote for each line of each node.
   *
   * @returns the stake in the committee of the slot before that the view knows to have
   * contradicted itself, ETH.
   */
  weigh: (view: SeenVotes) => number
}

/**
 * Latest messages. What everybody has is kept in one table for all; a view adds what only some
 * have. `on_attester_slashing`: validators that a view has caught at two votes for one epoch, or
 * at one around the other, by having both or by a block that reports them, count there no longer,
 * in whatever they say later. Where no lines last, a vote counts for 32 slots, until the next one.
 */
export function createLatestVotes(
  chain: BeaconChain,
  { nodes, effective, lineOf }: Electorate,
  discount: boolean,
  add: AddWeight,
): LatestVotes {
  const { bundles, conflicts, reporters } = chain
  const places = slotsPerEpoch * nodes
  /** The latest vote that everybody has of a line and node, and its weight. */
  const latest = new Int32Array(places).fill(-1)
  const amounts = new Float64Array(places)
  const caught = new Uint8Array(places)
  /** Stake of each line that everybody has caught, ETH. */
  const caughtEther = new Float64Array(slotsPerEpoch)
  /** The last view that has counted, or barred, a line and node. */
  const stamps = new Int32Array(places)
  let stamp = 0
  /** Weight of the settled bundles that is not superseded, by bundle. */
  const alive = new Map<number, number>()
  /** Conflicts that not everybody knows, and how many there were when that was looked up. */
  let hidden: Conflict[] = []
  let listed = 0

  const each = (
    { slot, voters, members }: Pick<Bundle, 'slot' | 'voters' | 'members'>,
    what: (place: number, ether: number) => void,
  ): void => {
    const first = lineOf(slot) * nodes
    voters.forEach((node, index) => what(first + node, members[index]! * effective[node]!))
  }

  const listConflicts = (): readonly Conflict[] => {
    for (; listed < conflicts.length; listed++) hidden.push(conflicts[listed]!)
    return hidden
  }

  const lessen = (id: number, ether: number): void => {
    const left = alive.get(id)
    if (left === undefined) return
    if (left - ether > 0) alive.set(id, left - ether)
    else alive.delete(id)
  }

  const isNewer = (bundle: Bundle, than: number): boolean =>
    than < 0 || bundle.targetEpoch > bundles[than]!.targetEpoch

  /** Everybody has both votes. */
  const disown = (conflict: Conflict): void =>
    each(conflict, (place, ether) => {
      if (caught[place] === 1) return
      lessen(latest[place]!, amounts[place]!)
      latest[place] = -1
      caught[place] = 1
      const line = lineOf(conflict.slot)
      caughtEther[line] = caughtEther[line]! + ether
    })

  const settle = (bundle: Bundle): void => {
    if (lineOf(bundle.slot) < 0) return
    bundle.isSettled = true
    if (discount && bundle.contradicts !== undefined) {
      hidden = listConflicts().filter((conflict) => {
        const { first, second } = conflict
        if (bundles[first]!.isSettled !== true || bundles[second]!.isSettled !== true) return true
        disown(conflict)
        return false
      })
    }
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
  const bar = ({ slot, sees, hasVote }: SeenVotes): number => {
    const committee = lineOf(slot - 1)
    let ether = caughtEther[committee] ?? 0
    for (const conflict of listConflicts()) {
      const { first, second, reports } = conflict
      const line = lineOf(conflict.slot)
      const isKnown = (hasVote(first) && hasVote(second)) || isReported(reports, sees)
      if (!isKnown || line < 0) continue
      each(conflict, (place, own) => {
        if (stamps[place] === stamp || caught[place] === 1) return
        stamps[place] = stamp
        if (line === committee) ether += own
        if (latest[place]! >= 0) add(bundles[latest[place]!]!, -amounts[place]!)
      })
    }
    return ether
  }

  /** Do blocks that the view has name everybody? */
  const isReported = (reports: readonly number[], sees: SeenVotes['sees']): boolean =>
    reporters.length > 0 &&
    reports.length > 0 &&
    reports.every((report) =>
      reporters.some((id) => chain.blocks[id]!.slashings.includes(report) && sees(id)),
    )

  const weigh: LatestVotes['weigh'] = (view) => {
    const { slot, sees, hasVote, hasPayload, open } = view
    const has = (id: number): boolean => {
      const { head, payloadPresent } = bundles[id]!
      return hasVote(id) && sees(head) && (payloadPresent !== true || hasPayload(head))
    }
    stamp++
    for (const [id, ether] of alive) add(bundles[id]!, ether)
    const equivocating = discount ? bar(view) : 0
    for (let at = open.length - 1; at >= 0; at--) {
      const bundle = bundles[open[at]!]!
      if (bundle.slot >= slot || lineOf(bundle.slot) < 0 || !has(bundle.id)) continue
      const isSecond = secondVotersOf(bundle, has)
      each(bundle, (place, ether) => {
        const before = latest[place]!
        if (stamps[place] === stamp || caught[place] === 1 || !isNewer(bundle, before)) return
        if (isSecond?.has(place % nodes) === true) return
        stamps[place] = stamp
        if (before >= 0) add(bundles[before]!, -amounts[place]!)
        add(bundle, ether)
      })
    }
    return equivocating + weighRecent(view, has)
  }

  /** Of two votes for one epoch the second is none: the nodes for which this is one. */
  const secondVotersOf = (
    bundle: Bundle,
    has: (bundle: number) => boolean,
  ): Set<number> | undefined => {
    const { id, targetEpoch, contradicts } = bundle
    const earlier = contradicts?.filter(
      (other) => other < id && bundles[other]!.targetEpoch === targetEpoch && has(other),
    )
    if (earlier === undefined || earlier.length === 0) return undefined
    return new Set(earlier.flatMap((other) => [...sharedVoters(bundle, bundles[other]!).voters]))
  }

  /** Without lines: a validator votes once per epoch, so of 32 slots each vote is its latest. */
  const weighRecent = (
    { slot, hasVote }: SeenVotes,
    has: (bundle: number) => boolean,
  ): number => {
    let equivocating = 0
    for (let id = bundles.length - 1; id >= 0; id--) {
      const bundle = bundles[id]!
      if (bundle.slot < slot - slotsPerEpoch || lineOf(bundle.slot) >= 0) break
      if (bundle.slot >= slot || !hasVote(id)) continue
      const others = discount ? (bundle.contradicts?.filter(hasVote) ?? []) : []
      if (others.length > 0) {
        if (bundle.slot === slot - 1 && others.every((other) => other > id)) {
          equivocating += bundle.ether
        }
      } else if (has(id)) add(bundle, bundle.ether)
    }
    return equivocating
  }

  return { settle, weigh }
}
