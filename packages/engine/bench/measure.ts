import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Load } from './phold.ts'

/** Millions per second of CPU, one figure per round. */
export type Figure = { median: number; low: number; high: number; rounds: readonly number[] }

/** Seconds of CPU that this thread has used; of the process where the system does not say. */
export function cpuSeconds(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
}

/** Millions of events per second of CPU, over at least so much CPU. */
export function rateOf(load: Load, seconds: number, batch = 20_000): number {
  const start = cpuSeconds()
  let events = 0
  let used = 0
  while (used < seconds) {
    load.run(batch)
    events += batch
    used = cpuSeconds() - start
  }
  return events / used / 1e6
}

/** Measures variants in turn, round by round: what disturbs the machine disturbs all of them. */
export function interleave(
  variants: Readonly<Record<string, () => number>>,
  rounds: number,
): Record<string, Figure> {
  const rates = Object.fromEntries(Object.keys(variants).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(variants)) rates[name]!.push(measure())
  }
  return Object.fromEntries(Object.entries(rates).map(([name, each]) => [name, figureOf(each)]))
}

/** Median and extremes. */
export function figureOf(rounds: readonly number[]): Figure {
  const sorted = [...rounds].sort((one, two) => one - two)
  const rounded = (value: number): number => Number(value.toPrecision(4))
  return {
    median: rounded(sorted[sorted.length >> 1]!),
    low: rounded(sorted[0]!),
    high: rounded(sorted.at(-1)!),
    rounds: rounds.map(rounded),
  }
}

/** What the figures were measured on. */
export function machine(): Record<string, string | number> {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is in use after garbage was collected, bytes. */
export function memoryInUse(): { heap: number; buffers: number } {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers }
}
