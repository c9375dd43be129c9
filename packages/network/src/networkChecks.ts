import { NetworkError } from './errors.ts'
import type { NetworkOptions } from './network.ts'
import type { NodeId } from './places.ts'

/** @throws NetworkError for what a script that nobody type-checks, or a calculation, may bring. */
export function expectNetworkOptions(options: NetworkOptions<never>): void {
  const { name, places, latency, deliver, topology, lossProbability = 0 } = options
  const of = (what: string): string => `The network '${name}' cannot have ${what}.`
  if (!Array.isArray(places)) throw new NetworkError(of("these 'places'"), 'a list', places)
  if (typeof latency?.sample !== 'function') {
    throw new NetworkError(of("this 'latency'"), 'one such as `constantLatency(ms(50))`', latency)
  }
  if (typeof deliver !== 'function') {
    throw new NetworkError(of("this 'deliver'"), 'a function (to, from, message)', deliver)
  }
  const among = (key: keyof typeof options, values: readonly string[]): void => {
    const given = options[key]
    if (given === undefined || values.includes(given as string)) return
    const expected = values.map((value) => `'${value}'`).join(' or ')
    throw new NetworkError(of(`this '${key}'`), expected, given)
  }
  among('bandwidth', ['queue', 'fair'])
  among('streams', ['per-node', 'shared'])
  among('duplicates', ['delivered', 'counted'])
  among('relay', ['at-once', 'after-accept'])
  expectLoss(lossProbability)
  if (topology !== undefined && topology.size !== places.length) {
    const expected = `as many nodes as there are places, ${places.length}`
    throw new NetworkError(of('this topology'), expected, `${topology.size} nodes`)
  }
  for (const { name: place, uplinkBytesPerSecond, downlinkBytesPerSecond } of places) {
    expectRate(place, 'uplinkBytesPerSecond', uplinkBytesPerSecond)
    expectRate(place, 'downlinkBytesPerSecond', downlinkBytesPerSecond)
  }
}

function expectRate(place: string, key: string, rate: number | undefined): void {
  if (rate === undefined || (rate > 0 && rate < Number.POSITIVE_INFINITY)) return
  const expected = 'a number of bytes per second above 0, or nothing for no limit'
  throw new NetworkError(`The place '${place}' cannot have this '${key}'.`, expected, rate)
}

/** @throws NetworkError where it is none. */
export function expectLoss(probability: number): void {
  if (probability >= 0 && probability <= 1) return
  const expected = 'a probability from 0 to 1'
  throw new NetworkError('Messages cannot be lost like this.', expected, probability)
}

/** @throws NetworkError where the network has no such node. */
export function expectNode(node: NodeId, size: number): void {
  if (node >>> 0 === node && node < size) return
  throw new NetworkError('The network has no such node.', `0 to ${size - 1}`, node)
}

/** @throws NetworkError where a message cannot be of this size. */
export function expectBytes(bytes: number): void {
  if (bytes >= 0 && Number.isSafeInteger(bytes)) return
  const expected = 'a whole number of bytes of at least 0'
  throw new NetworkError('A message cannot have this size.', expected, bytes)
}

/** One number of a protocol, by the name under which it was given. */
type Bounds = { from: number; to?: number | undefined; whole?: boolean | undefined }

/** @throws NetworkError where a parameter of a broadcast protocol is out of its bounds. */
export function expectParameter(protocol: string, key: string, value: number, at: Bounds): void {
  const { from, to = Number.MAX_SAFE_INTEGER, whole = true } = at
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return
  const upTo = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`
  const expected = `a ${whole ? 'whole ' : ''}number ${upTo}`
  throw new NetworkError(`'${protocol}' cannot work with this '${key}'.`, expected, value)
}
