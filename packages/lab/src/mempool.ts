import { seconds, type Time } from '@counterpoise/engine'
import type { PoolRecords } from '@counterpoise/rails'
import type { Level, MempoolResult } from './results.ts'

/**
 * What waited in a pool over a run: each sample counts for as long as it was the last one.
 *
 * @param end Of the run. Null where no block was seen before it.
 */
export function mempoolOf(records: PoolRecords, end: Time): MempoolResult | null {
  const { times, counts, units, prices } = records
  if (times.length === 0 || !(end > times[0]!)) return null
  return {
    waiting: levelOf(times, counts, end),
    waiting_units: levelOf(times, units, end),
    next_block_price: levelOf(times, prices, end),
  }
}

function levelOf(
  times: Float64Array,
  values: Float64Array,
  end: Time,
): Level {
  let area = 0
  let max = 0
  let last = 0
  for (let k = 0; k < times.length; k++) {
    if (times[k]! > end) break
    const until = Math.min(end, times[k + 1] ?? end)
    last = values[k]!
    area += last * (until - times[k]!)
    max = Math.max(max, last)
  }
  return { mean: area / (end - times[0]!), max, end: last }
}

/** What waited at the end of each bin, from time 0, until a time; 0 before the first block. */
export function waitingSeries(records: PoolRecords, binSeconds: number, until: Time): number[] {
  const { times, counts } = records
  const width = seconds(binSeconds)
  let sample = 0
  return Array.from({ length: Math.ceil(until / width) }, (_, bin) => {
    while (sample < times.length && times[sample]! <= (bin + 1) * width) sample++
    return sample === 0 ? 0 : counts[sample - 1]!
  })
}
