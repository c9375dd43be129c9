import type { Stream, Time } from '@counterpoise/engine'
import { LatencyError } from '../errors.ts'
import type { Latency } from '../latency.ts'
import type { Place } from '../places.ts'

/** What was measured on a class of links, one way. */
export type LinkMeasurement =
  /** Pairs of a probability and a delay in ms, both ascending; straight lines in between. */
  | { quantilesMs: readonly (readonly [probability: number, ms: number])[] }
  /** Delays in ms, of which each is as likely as any other. */
  | { samplesMs: readonly number[] }

export type EmpiricalLatencyOptions = {
  places: readonly Place[]
  /** What was measured, by the name of the class. */
  classes: Readonly<Record<string, LinkMeasurement>>
  /** Names the class of a link; asked once per pair of groups. */
  classOf: (from: string, to: string) => string
  /** The group of a place: its region if nothing is said. */
  groupOf?: ((place: Place) => string) | undefined
}

/** A measurement as columns: `values[i]` at probability `levels[i]`, in µs. */
type Curve = { levels: Float64Array; values: Float64Array; mean: number; isStepwise: boolean }

/**
 * Delays as they were measured, by the class of the link. Beyond the outermost quantiles given, a
 * delay stays at their value: give those of 0 and 1 where the tails count.
 *
 * @throws LatencyError where a class is missing or a measurement is impossible.
 */
export function empiricalLatency(options: EmpiricalLatencyOptions): Latency {
  const { places, classes, classOf, groupOf = ({ attributes }) => attributes.region } = options
  const names = Object.keys(classes)
  const curves = names.map((name) => curveOf(name, classes[name]!))
  const labels = places.map(groupOf)
  const groups = [...new Set(labels)]
  const numberOf = new Map(groups.map((group, number) => [group, number]))
  const group = Int32Array.from(labels, (label) => numberOf.get(label)!)
  const count = groups.length
  const table = Int32Array.from({ length: count * count }, (_, cell) => {
    const [from, to] = [groups[Math.floor(cell / count)]!, groups[cell % count]!]
    const name = classOf(from, to)
    const index = names.indexOf(name)
    if (index >= 0) return index
    throw new LatencyError(`No delays were given for the class '${name}' of links.`, {
      metaMessages: [`Links: from '${from}' to '${to}'`, `Known classes: ${names.join(', ')}`],
    })
  })
  const of = (from: number, to: number): Curve => curves[table[group[from]! * count + group[to]!]!]!
  return {
    sample: (from, to, stream) => draw(of(from, to), stream),
    typical: (from, to) => Math.round(of(from, to).mean),
  }
}

function draw({ levels, values, isStepwise }: Curve, stream: Stream): Time {
  if (isStepwise) return Math.round(values[stream.below(values.length)]!)
  const level = stream.uniform()
  let low = 0
  let high = levels.length - 1
  if (level <= levels[low]!) return Math.round(values[low]!)
  if (level >= levels[high]!) return Math.round(values[high]!)
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (levels[middle]! <= level) low = middle
    else high = middle
  }
  const part = (level - levels[low]!) / (levels[high]! - levels[low]!)
  return Math.round(values[low]! + part * (values[high]! - values[low]!))
}

function curveOf(name: string, measurement: LinkMeasurement): Curve {
  if ('samplesMs' in measurement) {
    const values = Float64Array.from(measurement.samplesMs, (value) => value * 1_000)
    expect(name, values.length > 0, 'at least one sample', 'none')
    values.forEach((value, index) => {
      const found = `sample ${index + 1} is ${measurement.samplesMs[index]}`
      expect(name, value >= 0 && Number.isFinite(value), 'samples of at least 0 ms', found)
    })
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return { levels: new Float64Array(), values, mean, isStepwise: true }
  }
  const points = measurement.quantilesMs
  expect(name, points.length > 0, 'at least one quantile', 'none')
  points.forEach(([level, value], index) => {
    const [levelBefore, valueBefore] = points[index - 1] ?? [-1, 0]
    const found = `quantile ${index + 1} is [${level}, ${value}]`
    const isLevel = level >= 0 && level <= 1 && level > levelBefore
    expect(name, isLevel, 'ascending probabilities from 0 to 1', found)
    const isDelay = value >= valueBefore && Number.isFinite(value)
    expect(name, isDelay, 'delays that ascend with their probabilities, from 0 ms', found)
  })
  const levels = Float64Array.from(points, ([level]) => level)
  const values = Float64Array.from(points, ([, value]) => value * 1_000)
  return { levels, values, mean: meanOf(levels, values), isStepwise: false }
}

/** The mean of what is drawn: trapezia between the quantiles, and the held ends. */
function meanOf(levels: Float64Array, values: Float64Array): number {
  const last = levels.length - 1
  let mean = levels[0]! * values[0]! + (1 - levels[last]!) * values[last]!
  for (let index = 1; index <= last; index++) {
    const width = levels[index]! - levels[index - 1]!
    mean += (width * (values[index]! + values[index - 1]!)) / 2
  }
  return mean
}

function expect(name: string, holds: boolean, expected: string, found: string): void {
  if (holds) return
  throw new LatencyError(`The class '${name}' of links expects ${expected}.`, {
    metaMessages: [`Found: ${found}`],
  })
}
