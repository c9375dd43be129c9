import { createDiscrete, type Stream, type Time } from '@counterpoise/engine'
import { expectThat } from './errors.ts'

/** How long payers wait before they give up. */
export type Patience = {
  /** µs, at least 1. */
  draw: (stream: Stream) => Time
}

/** One of several patiences. */
export type PatienceShare = {
  /** µs. */
  patience: Time
  /** How often it occurs, beside the weights of the others. */
  weight: number
}

/** The same patience for every payment; draws nothing. */
export function constantPatience(patience: Time): Patience {
  checkPatience(patience)
  return { draw: () => patience }
}

/** Each payment's patience is one of a list, drawn by weight. */
export function weightedPatience(shares: readonly PatienceShare[]): Patience {
  for (const { patience } of shares) checkPatience(patience)
  const times = shares.map(({ patience }) => patience)
  const draw = createDiscrete(shares.map(({ weight }) => weight))
  return { draw: (stream) => times[draw(stream)]! }
}

function checkPatience(patience: Time): void {
  const holds = Number.isSafeInteger(patience) && patience > 0
  expectThat(holds, 'patience', 'a whole number of µs above 0', patience)
}
