import {
  createSampler,
  type Distribution,
  drawableRange,
  ms,
  type Stream,
  type Time,
} from '@counterpoise/engine'
import { MinerLevelError } from './errors.ts'
import type { Eclipse } from './options.ts'
import type { Arrival } from './recentBlocks.ts'

/** How long blocks are under way. */
export type Delays = {
  arrival: Arrival
  /** After so long everybody has a block, whatever was drawn; µs. */
  longest: Time
}

/** One distribution for all pairs, or one for each pair (row: finder, column: receiver); ms. */
export type DelayOption = Distribution | readonly (readonly Distribution[])[]

export function createDelays(
  delayMs: DelayOption,
  miners: number,
  eclipses: readonly Eclipse[],
  stream: Stream,
): Delays {
  const { arrival, longest } = isMatrix(delayMs)
    ? betweenPairs(delayMs, miners, stream)
    : betweenAll(delayMs, stream)
  if (eclipses.length === 0) return { arrival, longest }
  return withEclipses({ arrival, longest }, miners, eclipses)
}

const isMatrix = (option: DelayOption): option is readonly (readonly Distribution[])[] =>
  Array.isArray(option)

const longestOf = (distribution: Distribution): Time => {
  const { largest } = drawableRange(distribution)
  // A finite draw of 32 bits always is below 2⁵³ µs for delays that make sense.
  return Math.max(0, ms(largest)) + 1
}

function betweenAll(distribution: Distribution, stream: Stream): Delays {
  if (distribution.kind === 'constant') {
    const delay = checked(ms(distribution.value))
    return { arrival: (_from, _to, released) => released + delay, longest: delay }
  }
  const draw = createSampler(distribution)
  return {
    arrival: (_from, _to, released) => released + Math.max(0, ms(draw(stream))),
    longest: longestOf(distribution),
  }
}

function betweenPairs(
  rows: readonly (readonly Distribution[])[],
  miners: number,
  stream: Stream,
): Delays {
  if (rows.length !== miners || rows.some((row) => row.length !== miners)) {
    throw new MinerLevelError('The matrix of delays has a row and a column for each miner.', [
      `Expected: ${miners} × ${miners}`,
      `Found:    ${rows.length} × ${rows.map((row) => row.length).join(', ')}`,
    ])
  }
  const samplers = rows.flat().map((distribution) => createSampler(distribution))
  const longest = rows.flatMap((row, from) =>
    row.map((distribution, to) => (from === to ? 0 : longestOf(distribution))),
  )
  return {
    arrival: (from, to, released) =>
      released + Math.max(0, ms(samplers[from * miners + to]!(stream))),
    longest: longest.reduce((most, each) => Math.max(most, each), 0),
  }
}

/** What is let go on one side of a cut waits for its end. */
function withEclipses(delays: Delays, miners: number, eclipses: readonly Eclipse[]): Delays {
  const cuts = eclipses.map(({ victims, fromMs, forMs }) => {
    const inside = new Uint8Array(miners)
    for (const victim of victims) inside[victim] = 1
    return { inside, from: ms(fromMs), until: ms(fromMs + forMs) }
  })
  const span = cuts.reduce((total, { from, until }) => total + until - from, 0)
  return {
    arrival: (from, to, released) => {
      let time = delays.arrival(from, to, released)
      for (const cut of cuts) {
        if (cut.inside[from] === cut.inside[to]) continue
        if (time < cut.from || released >= cut.until) continue
        time += cut.until - Math.max(released, cut.from)
      }
      return time
    },
    longest: delays.longest + span,
  }
}

function checked(delay: Time): Time {
  if (delay >= 0 && Number.isSafeInteger(delay)) return delay
  throw new MinerLevelError('A delay is a number of milliseconds of at least 0.', [
    `Found: ${delay / 1_000}`,
  ])
}
