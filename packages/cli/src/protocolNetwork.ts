import type { Distribution } from '@counterpoise/engine'
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
    description: delay === undefined ? 'measured latencies' : `delays ${delay} ms`,
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

/** `normal:250,50` as a distribution in ms, cut off at 0 when drawn; or what is wrong with it. */
function readDelay(text: string): Distribution | string {
  const [kind, list = '', ...rest] = text.split(':')
  const numbers = list.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const [one, other] = numbers
  const isComplete = (count: number): boolean =>
    rest.length === 0 && numbers.length === count && numbers.every((each) => each >= 0)
  if (kind === 'constant' && isComplete(1)) return { kind, value: one! }
  if (kind === 'normal' && isComplete(2)) return { kind, mean: one!, deviation: other! }
  if (kind === 'lognormal' && isComplete(2) && one! > 0) {
    return { kind, median: one!, sigma: other! }
  }
  const forms = 'normal:mean,stdev or lognormal:median,sigma or constant:value, in ms'
  return `--delay: expected ${forms}, found \`${text}\``
}
