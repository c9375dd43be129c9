import type { Simulation } from '@counterpoise/engine'

/** The events of one kind, and the wall time that they took. */
export type KindProfile = { kind: string; events: number; seconds: number }

/** Where the events and the time of a run went. */
export type Profile = {
  /** Most expensive first. */
  kinds: readonly KindProfile[]
  events: number
  wallSeconds: number
  /** The most events that were seen pending, and the most memory in use, at the samples. */
  pendingMax: number
  memoryBytesMax: number
}

/** Events between two samples: 32 to 95, irregular, so that no pattern of a model is missed. */
const strideMin = 32
const strideSpread = 64
const samplesPerMemoryLook = 512
/** As many of each kind are measured one by one, so that rare kinds are not left to chance. */
const measuredMax = 64

/** Of a kind: the first events, all of them measured, and the samples of the others. */
type Measured = { first: number; firstSeconds: number; samples: number; sampledSeconds: number }

/**
 * Measures a run from outside, and never touches it: the digest stays the same. The wall time of
 * the first events of each kind and of every sixty-fourth or so of all is taken, with its way
 * through the queue, and the time of the whole run is divided among the kinds accordingly.
 *
 * @returns ends the measurement.
 */
export function startProfile(simulation: Simulation): () => Profile {
  const kinds: (Measured | undefined)[] = []
  const before = simulation.eventsByKind()
  const started = performance.now()
  const [clockCost, eventsBefore] = [costOfClock(), simulation.events()]
  let current: Measured | undefined
  let isFirst = false
  let begun = 0
  let left = strideMin
  let looks = 0
  let random = 1
  let pendingMax = simulation.pending()
  let memoryBytesMax = memoryInUse()

  const take = (): void => {
    if (current === undefined) return
    const seconds = Math.max(0, performance.now() - begun - clockCost) / 1_000
    if (isFirst) current.firstSeconds += seconds
    else current.sampledSeconds += seconds
    if (!isFirst) current.samples++
    current = undefined
  }

  const end = simulation.tap((_time, kind) => {
    take()
    const measured = (kinds[kind] ??= { first: 0, firstSeconds: 0, samples: 0, sampledSeconds: 0 })
    isFirst = measured.first < measuredMax
    if (isFirst) measured.first++
    const isSample = --left === 0
    if (isFirst || isSample) current = measured
    if (isSample) sample()
    if (current !== undefined) begun = performance.now()
  })

  const sample = (): void => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    left = strideMin + ((random >>> 16) % strideSpread)
    pendingMax = Math.max(pendingMax, simulation.pending())
    if (looks++ % samplesPerMemoryLook === 0) {
      memoryBytesMax = Math.max(memoryBytesMax, memoryInUse())
    }
  }

  return () => {
    // What came after the last event is not its doing.
    if (current !== undefined && isFirst) current.first--
    end()
    const wallSeconds = (performance.now() - started) / 1_000
    const counted = Object.entries(simulation.eventsByKind()).map(([kind, count], k) => {
      const events = count - (before[kind] ?? 0)
      return { kind, events, seconds: secondsOf(kinds[k], events) }
    })
    const events = simulation.events() - eventsBefore
    return {
      kinds: dividing(wallSeconds, counted.filter((each) => each.events > 0)),
      ...{ events, wallSeconds, pendingMax },
      memoryBytesMax: Math.max(memoryBytesMax, memoryInUse()),
    }
  }
}

/** The profiles of several runs as one. */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const kinds = new Map<string, KindProfile>()
  for (const { kind, events, seconds } of profiles.flatMap((profile) => profile.kinds)) {
    const known = kinds.get(kind) ?? { kind, events: 0, seconds: 0 }
    kinds.set(kind, { kind, events: known.events + events, seconds: known.seconds + seconds })
  }
  const sum = (read: (profile: Profile) => number): number =>
    profiles.reduce((total, profile) => total + read(profile), 0)
  return {
    kinds: [...kinds.values()].sort((one, two) => two.seconds - one.seconds),
    events: sum(({ events }) => events),
    wallSeconds: sum(({ wallSeconds }) => wallSeconds),
    pendingMax: Math.max(0, ...profiles.map(({ pendingMax }) => pendingMax)),
    memoryBytesMax: Math.max(0, ...profiles.map(({ memoryBytesMax }) => memoryBytesMax)),
  }
}

/** The first events as measured, the others as their samples, or as the first if there is none. */
function secondsOf(measured: Measured | undefined, events: number): number {
  if (measured === undefined || measured.first === 0) return 0
  const { first, firstSeconds, samples, sampledSeconds } = measured
  const each = samples > 0 ? sampledSeconds / samples : firstSeconds / first
  return firstSeconds + each * (events - first)
}

/** What the kinds took, scaled so that together they took all of the time. */
function dividing(wallSeconds: number, kinds: readonly KindProfile[]): KindProfile[] {
  const total = kinds.reduce((sum, { seconds }) => sum + seconds, 0)
  const scale = total === 0 ? 0 : wallSeconds / total
  return kinds
    .map((each) => ({ ...each, seconds: each.seconds * scale }))
    .sort((one, two) => two.seconds - one.seconds)
}

function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What it takes to ask for the time, ms: the least of many tries. */
function costOfClock(): number {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < 1_000; count++) {
    const begun = performance.now()
    least = Math.min(least, performance.now() - begun)
  }
  return least
}
