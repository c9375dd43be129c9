import type { Time } from '@counterpoise/engine'

/** What a chain does once and in order, each thing from a time on; how many are done counts. */
export type Schedule = {
  /** How many are in the pool at a time, from the first one on. */
  due: (time: Time) => number
  /** How many the chain that ends in its position has done. */
  position: () => number
  moveTo: (position: number) => void
}

/** Keeps the place in a list of transactions that blocks execute in the order of their times. */
export function createSchedule(
  updates: readonly { at: Time }[],
  act: { redo?: (index: number) => void; undo?: (index: number) => void } = {},
): Schedule {
  let position = 0
  return {
    due: (time) => {
      let count = position
      while (count > 0 && updates[count - 1]!.at > time) count--
      while (count < updates.length && updates[count]!.at <= time) count++
      return count
    },
    position: () => position,
    moveTo: (target) => {
      for (; position < target; position++) act.redo?.(position)
      while (position > target) {
        position--
        act.undo?.(position)
      }
    },
  }
}
