import type { Time } from '@counterpoise/engine'
import { type TransactionId, widened } from './transactions.ts'

/** When transactions came into a pool, oldest first. */
export type EntryTimes = {
  add: (id: TransactionId, now: Time) => void
  /** The one that has been in for longest, or −1; forgets those that are out. */
  oldest: (isIn: (id: TransactionId) => boolean) => TransactionId
  /** When the one that `oldest` has found came in. */
  oldestTime: () => Time
}

/** Makes an empty line. */
export function createEntryTimes(): EntryTimes {
  let ids = new Int32Array(1024)
  let times = new Float64Array(1024)
  /** The number of the last entry of each; entries are numbered from 1. */
  let lastEntry = new Float64Array(1024)
  let start = 0
  let end = 0
  /** Entries that are no longer in the columns. */
  let passed = 0

  const makeRoom = (): void => {
    if (start * 2 >= end) {
      ids.copyWithin(0, start, end)
      times.copyWithin(0, start, end)
      passed += start
      end -= start
      start = 0
      return
    }
    ids = widened(ids, new Int32Array(ids.length * 2))
    times = widened(times, new Float64Array(times.length * 2))
  }

  return {
    add: (id, now) => {
      if (end === ids.length) makeRoom()
      while (id >= lastEntry.length) {
        lastEntry = widened(lastEntry, new Float64Array(lastEntry.length * 2))
      }
      ids[end] = id
      times[end] = now
      end++
      lastEntry[id] = passed + end
    },
    oldest: (isIn) => {
      for (; start < end; start++) {
        const id = ids[start]!
        if (lastEntry[id] === passed + start + 1 && isIn(id)) return id
      }
      return -1
    },
    oldestTime: () => times[start]!,
  }
}
