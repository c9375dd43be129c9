import { type Distribution, parseDuration, toMs } from '@counterpoise/engine'
import {
  awsLatency,
  distributedLatency,
  type Latency,
  matrixLatency,
  type Place,
} from '@counterpoise/network'
import { nearest } from '@counterpoise/scenario'

/** Where the members of a protocol stand, and how long messages take between them. */
export type ProtocolNetwork = {
  places: readonly Place[]
  latency: (places: readonly Place[]) => Latency
  description: string
}

export type ProtocolNetworkFlags = {
  distribution?: string | undefined
  nodes?: number | undefined
  delay?: string | undefined
}

/** More members than that are more messages than a run should have. */
const membersMax = 1_000

/** @returns the network that the flags describe, or what is wrong with them. */
export function readNetwork(flags: ProtocolNetworkFlags): ProtocolNetwork | string {
  const { distribution, nodes, delay } = flags
  if ((distribution === undefined) === (nodes === undefined)) {
    return 'expected either --distribution or --nodes'
  }
  const law = delay === undefined ? undefined : readDelay(delay)
  if (typeof law === 'string') return law
  if (law === undefined && distribution === undefined) {
    return '--nodes: expected --delay with it, as the members are at no place'
  }
  const regions = distribution === undefined ? ['anywhere'] : readRegions(distribution, law)
  if (typeof regions === 'string') return regions
  const seats = distribution === undefined ? Array(nodes).fill('anywhere') : regions
  if (seats.length > membersMax) {
    return `expected at most ${membersMax} members, found ${seats.length}`
  }
  return {
    places: seats.map((region: string, index) => ({
      name: `member-${index}`,
      attributes: { region, operator: `operator-${index}` },
    })),
    latency: (places) =>
      law === undefined
        ? matrixLatency({ places, matrix: awsLatency })
        : distributedLatency(law),
    description: delay === undefined ? 'measured latencies' : delayText(delay),
  }
}

/** `us-east-1:3,eu-west-1:2` as the region of each member, or what is wrong with it. */
function readRegions(text: string, law: Distribution | undefined): string[] | string {
  const seats: string[] = []
  for (const part of text.split(',')) {
    const [region = '', size, ...rest] = part.trim().split(':')
    const count = Number(size)
    if (region === '' || rest.length > 0 || !Number.isSafeInteger(count) || count < 1) {
      return `--distribution: expected region:count such as us-east-1:3, found \`${part}\``
    }
    if (law === undefined && !awsLatency.regions.includes(region)) {
      const near = nearest(region, awsLatency.regions)
      const hint = near === undefined ? '' : ` (did you mean \`${near}\`?)`
      return `--distribution: no latencies are known of region \`${region}\`${hint}`
    }
    if (count > membersMax) return `expected at most ${membersMax} members, found ${count}`
    for (let seat = 0; seat < count; seat++) seats.push(region)
  }
  return seats
}

type DelayLaw = Extract<Distribution, { kind: 'constant' | 'normal' | 'lognormal' }>

/**
 * `normal:250,50` or `normal:250ms,50ms` as a distribution in ms, cut off at 0 when drawn; or what
 * is wrong with it.
 */
function readDelay(text: string): Distribution | string {
  const law = parseDelay(text)
  if (law === undefined) {
    const forms = 'normal:mean,stdev or lognormal:median,sigma or constant:value'
    return `--delay: expected ${forms}, in ms or with units, found \`${text}\``
  }
  if (longestOf(law) <= delayMax) return law
  return `--delay: expected delays of at most 100 days, even the longest, found \`${text}\``
}

/** A hundred days in ms: sums of such delays are still exact in µs. */
const delayMax = 8_640_000_000

function longestOf(law: DelayLaw): number {
  if (law.kind === 'constant') return law.value
  // No draw is farther from the middle than 6.3 standard deviations.
  if (law.kind === 'normal') return law.mean + 6.3 * law.deviation
  return law.median * Math.exp(6.3 * law.sigma)
}

function parseDelay(text: string): DelayLaw | undefined {
  const [kind, list = '', ...rest] = text.split(':')
  const parts = list.split(',').map((part) => part.trim())
  const [one, other] = parts.map(readMs)
  const isComplete = (count: number): boolean => rest.length === 0 && parts.length === count
  if (kind === 'constant' && isComplete(1) && one! >= 0) return { kind, value: one! }
  if (kind === 'normal' && isComplete(2) && one! >= 0 && other! >= 0) {
    return { kind, mean: one!, deviation: other! }
  }
  // A sigma has no unit.
  const sigma = parts[1] === '' ? Number.NaN : Number(parts[1])
  if (kind === 'lognormal' && isComplete(2) && one! > 0 && sigma >= 0) {
    return { kind, median: one!, sigma }
  }
  return undefined
}

/** `250`, `250ms` or `0.25s` in ms; NaN for what is none of these. */
function readMs(text: string): number {
  const span = parseDuration(text)
  if (span !== undefined) return toMs(span)
  return text === '' ? Number.NaN : Number(text)
}

/** The law as it was written, in ms unless it tells its units. */
const delayText = (delay: string): string =>
  /\d *[a-zµ]/.test(delay) ? `delays ${delay}` : `delays ${delay} ms`
