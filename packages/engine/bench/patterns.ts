import { createStream } from '../src/index.ts'

const mean = 1_000_000
const length = 65_536

/** Delays that are hard on one event queue or another, by a number in (0, 1] and an index. */
const patterns: Record<string, (u: number, index: number) => number> = {
  exponential: (u) => -Math.log(u) * mean,
  'all equal': () => 0,
  constant: () => mean,
  '90 % at once': (u) => (u < 0.9 ? 0 : -Math.log((u - 0.9) * 10 || 1) * mean),
  'slots of 12 s': (u) => 12_000_000 * (1 + Math.floor(u * 3.99)),
  camel: (u) => (u < 0.5 ? u * 1_000 : (1 + u / 10) * mean),
  '17 decades': (u) => Math.min(10 ** (u * 17), 2 ** 42),
  'far sentinels': (u) => (u < 0.01 ? 1e12 : -Math.log(u) * mean),
  decreasing: (_, index) => (length - index) * 16,
}

export const patternNames = Object.keys(patterns)

/** A table of delays of a pattern; its length is a power of two. */
export function delaysOf(name: string): Float64Array {
  const stream = createStream({ seed: name, replication: 0, purpose: 'bench' })
  return Float64Array.from({ length }, (_, index) =>
    Math.round(patterns[name]!(1 - stream.uniform(), index)),
  )
}
