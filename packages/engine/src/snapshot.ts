import { freeze, produce } from 'immer'
import { cloneState } from './cloneState.ts'
import { SnapshotError } from './errors.ts'
import type { PendingEvents, SavedEvents } from './pendingEvents.ts'
import type { StatefulStream, StreamState } from './streams.ts'
import type { Time } from './time.ts'

/** How a part of a model is saved and put back. What `save` returns is copied, both ways. */
export type Keeper<state> = {
  /** Plain data, typed arrays, maps and sets; it may be the live columns themselves. */
  save: () => state
  restore: (state: state) => void
}

/** A run between two events. It is frozen: what was seen once stays so. */
export type Snapshot = {
  now: Time
  /** How many events had been executed. */
  events: number
  pending: number
  digest: string
  eventsByKind: Readonly<Record<string, number>>
  /** What each part of the model saved, by the name under which it is kept. */
  kept: Readonly<Record<string, unknown>>
  /** The rest of what it takes to go on; only `restore` and `pendingEvents` look inside. */
  engine: EngineState
}

/** @internal */
export type EngineState = {
  seed: string
  replication: number
  ties: string
  names: readonly string[]
  executedByKind: Float64Array
  streams: ReadonlyMap<string, StreamState>
  queue: SavedEvents
}

export type RestoreOptions = {
  /**
   * `kept`, by default: the draws go on where they stood. `fresh`: every stream begins anew from
   * this simulation's seed and replication, for several continuations of one warm-up.
   */
  streams?: 'kept' | 'fresh' | undefined
}

/** What of a simulation is saved; the numbers pass through `counts`. */
export type SnapshotParts = {
  seed: string
  replication: number
  ties: string
  names: readonly string[]
  queue: PendingEvents
  streams: ReadonlyMap<string, StatefulStream>
  openStream: (name: string) => StatefulStream
  readCounts: () => Counts
  writeCounts: (counts: Counts) => void
  isRunning: () => boolean
}

type Counts = { now: Time; events: number; executedByKind: Float64Array }

/** Saving and restoring for one simulation. */
export type Snapshots = {
  keep: <state>(name: string, keeper: Keeper<state>) => void
  snapshot: () => Snapshot
  restore: (snapshot: Snapshot, options?: RestoreOptions) => void
}

/** Gives a simulation its `keep`, `snapshot` and `restore`. */
export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { seed, replication, ties, names, queue, streams } = parts
  const keepers = new Map<string, Keeper<unknown>>()

  const expectBetweenEvents = (action: string): void => {
    if (!parts.isRunning()) return
    throw new SnapshotError(`A handler cannot ${action} the simulation that it is part of.`, {
      metaMessages: ['End the run first: with `until`, `eventsMax`, or `stop()`.'],
    })
  }

  const snapshot = (): Snapshot => {
    expectBetweenEvents('save')
    const { now, events, executedByKind } = parts.readCounts()
    const saved = {
      ...{ now, events, pending: queue.size, digest: queue.digest() },
      eventsByKind: Object.fromEntries(names.map((name, kind) => [name, executedByKind[kind]!])),
      kept: cloneState(
        Object.fromEntries([...keepers].map(([name, keeper]) => [name, keeper.save()])),
      ),
      engine: {
        ...{ seed, replication, ties, names: [...names] },
        executedByKind: executedByKind.slice(),
        streams: new Map([...streams].map(([name, stream]) => [name, stream.save()])),
        queue: queue.save(),
      },
    }
    return freeze(saved, true)
  }

  const restore = (snapshot: Snapshot, { streams: whose = 'kept' }: RestoreOptions = {}): void => {
    expectBetweenEvents('restore')
    expectSnapshot(snapshot)
    const { engine } = snapshot
    const own = { seed, replication, ties, names, kept: [...keepers.keys()] }
    expectSameWorld(own, { ...engine, kept: Object.keys(snapshot.kept) }, whose)
    queue.restore(engine.queue)
    const executedByKind = engine.executedByKind.slice()
    parts.writeCounts({ now: snapshot.now, events: snapshot.events, executedByKind })
    const saved = whose === 'fresh' ? new Map<string, StreamState>() : engine.streams
    // A stream that was opened after the snapshot had drawn nothing then.
    for (const [name, stream] of streams) stream.restore(saved.get(name))
    for (const [name, state] of saved) parts.openStream(name).restore(state)
    for (const [name, keeper] of keepers) keeper.restore(cloneState(snapshot.kept[name]))
  }

  return {
    keep: (name, keeper) => {
      const isTaken = keepers.has(name)
      if (isTaken) throw new SnapshotError(`Two parts of the model are kept as '${name}'.`)
      keepers.set(name, keeper as Keeper<unknown>)
    },
    snapshot,
    restore,
  }
}

/** What went through a file is no snapshot any more: it holds the queue itself. */
function expectSnapshot(snapshot: Snapshot): void {
  const isSnapshot = snapshot?.engine?.streams instanceof Map
  if (isSnapshot && typeof snapshot.engine.queue.open === 'function') return
  throw new SnapshotError('This is no snapshot that `snapshot()` returned.', {
    metaMessages: [
      'A snapshot lives in its process. To go on elsewhere, run the same recipe to its `events`.',
    ],
  })
}

type Identity = Pick<EngineState, 'seed' | 'replication' | 'ties' | 'names'> & {
  kept: readonly string[]
}

function expectSameWorld(own: Identity, saved: Identity, streams: 'kept' | 'fresh'): void {
  const seedOf = ({ seed, replication }: Identity): string => `'${seed}', number ${replication}`
  const differences = [
    ...(streams === 'fresh' ? [] : [['seed and replication', seedOf(own), seedOf(saved)] as const]),
    ['ties', own.ties, saved.ties] as const,
    ['kinds of events', own.names.join(', '), saved.names.join(', ')] as const,
    ['parts of the model', own.kept.join(', '), saved.kept.join(', ')] as const,
  ].filter(([, here, there]) => here !== there)
  if (differences.length === 0) return
  throw new SnapshotError('The snapshot is of another world: build both from the same recipe.', {
    metaMessages: differences.map(
      ([what, here, there]) => `Other ${what}: ${here || 'none'} here, ${there || 'none'} there`,
    ),
  })
}

/** An event that was going to happen. */
export type PendingEvent = { time: Time; kind: string; payload: readonly number[] }

/** The events that are pending in a snapshot, in the order in which they will happen. */
export function* pendingEvents({ engine }: Snapshot): Generator<PendingEvent> {
  const queue = engine.queue.open()
  while (queue.pop()) {
    const { time, kind, target, a, b, c } = queue
    yield { time, kind: engine.names[kind]!, payload: [target, a, b, c] }
  }
}

/**
 * A snapshot in which the model's state is another, to ask what would have come of it. The recipe
 * is one of immer's and gets a copy of `kept`, typed arrays included.
 *
 * @example
 * const richer = alter(snapshot, (kept) => { kept.balances[3] += 100 })
 */
export function alter(snapshot: Snapshot, recipe: (kept: any) => void): Snapshot {
  return produce(snapshot, (draft) => {
    const kept = cloneState(snapshot.kept)
    recipe(kept)
    draft.kept = kept
  })
}
