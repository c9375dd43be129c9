import seedrandom from 'seedrandom'
import { DistributionError, StreamError } from './errors.ts'

/** One named sequence of random numbers; reading it moves no other stream. */
export type Stream = {
  /** Who draws from it, for instance `network/latency#3`. */
  name: string
  /** A number in the open interval (0, 1): never 0, never 1, in steps of 2⁻³². */
  uniform: () => number
  /**
   * An integer in 0 … `count` − 1, each with the same probability.
   *
   * @throws DistributionError where the count is no integer from 1 to 2³².
   */
  below: (count: number) => number
  /** 32 random bits as an integer in 0 … 2³² − 1. */
  bits: () => number
  /** True with the given probability: never for less than 0, always for more than 1. */
  chance: (probability: number) => boolean
}

/** A stream that can be put back to where it stood. */
export type StatefulStream = Stream & {
  /** Where the stream stands, as plain data. */
  save: () => StreamState
  /** Goes on from there; without a state, from the first draw. */
  restore: (state?: StreamState) => void
}

/** Four integers of 32 bits. */
export type StreamState = { a: number; b: number; c: number; d: number }

/** What a stream's key is made of. */
export type StreamKey = {
  seed: string
  /** Number of the replication, from 0. */
  replication: number
  purpose: string
  /** Whose stream it is: a node, an account, a class of payments. */
  entity?: number | string | undefined
  /**
   * Draws 1 − u wherever the stream of this key draws u. The mean of a run and its antithetic twin
   * varies less than that of two independent runs, where the outcome follows the draws
   * monotonically; default false.
   */
  antithetic?: boolean | undefined
}

/**
 * One text for purpose and entity. Number 3 and text '3' are different entities.
 *
 * @throws StreamError where the purpose is no text or the entity neither text nor finite number.
 */
export function streamName(purpose: string, entity?: number | string): string {
  if (typeof purpose !== 'string' || purpose.includes('\0')) {
    throw new StreamError('The purpose of a random stream must be a text without NUL.', {
      metaMessages: [`Found: ${String(purpose)}`, "Name what is drawn: `stream('arrivals')`."],
    })
  }
  if (entity !== undefined && typeof entity !== 'string' && !Number.isFinite(entity)) {
    throw new StreamError(`The entity of stream '${purpose}' is no text and no finite number.`, {
      metaMessages: [
        `Found: ${String(entity)}`,
        'Give the number or the name of whose draws these are, or leave it out.',
      ],
    })
  }
  const mark = typeof entity === 'string' ? '\0\0' : '\0'
  return entity === undefined ? purpose : `${purpose}${mark}${entity}`
}

/** Purpose and entity of a name. */
export function streamOf(name: string): Pick<StreamKey, 'purpose' | 'entity'> {
  const [purpose, number, ...texts] = name.split('\0')
  if (number === undefined) return { purpose: name }
  return { purpose: purpose!, entity: texts.length === 0 ? Number(number) : texts.join('\0') }
}

/**
 * Opens the stream of a key. Streams of different keys are independent, so adding a consumer of
 * randomness does not shift what another one draws (common random numbers across variants).
 *
 * The generator is seedrandom's Tyche-i: small state, 3 ns a draw, no known linear weakness.
 *
 * @throws StreamError where the purpose is no text or the entity neither text nor finite number.
 */
export function createStream(key: StreamKey): StatefulStream {
  const { seed, replication, purpose, entity, antithetic = false } = key
  streamName(purpose, entity)
  const text = JSON.stringify([seed, replication, purpose, entity ?? null])
  let generator = seedrandom.tychei(text, { state: true })
  const flip = antithetic ? -1 : 0
  const bits = (): number => (generator.int32() ^ flip) >>> 0
  const below = (count: number): number => {
    if (!(count >= 1 && count <= 4_294_967_296) || Math.floor(count) !== count) {
      throw new DistributionError('integer', 'a whole count from 1 to 2³²', count)
    }
    let draw = bits()
    if ((count & (count - 1)) === 0) return (draw & (count - 1)) >>> 0
    // Integers of 32 bits: the remainder of two floating-point numbers takes far longer.
    let rest = draw % (count >>> 0)
    // The last draws, fewer than `count`, would favour the small numbers.
    while (draw - rest > 4_294_967_296 - count) {
      draw = bits()
      rest = draw % (count >>> 0)
    }
    return rest
  }
  const uniform = (): number =>
    (((generator.int32() ^ flip) >>> 0) + 0.5) * 2.3283064365386963e-10
  return {
    name: entity === undefined ? purpose : `${purpose}#${entity}`,
    uniform,
    below,
    bits,
    chance: (probability) => {
      if (probability !== probability) {
        throw new DistributionError('chance', 'a probability from 0 to 1', probability)
      }
      return uniform() < probability
    },
    save: () => generator.state() as StreamState,
    restore: (state) => {
      generator = seedrandom.tychei(text, { state: state ?? true })
    },
  }
}
