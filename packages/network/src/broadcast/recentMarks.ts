import type { NodeId } from '../places.ts'

/** The last items have a bit each in every node's word. */
const windowSize = 32

/** Some items, as they stand in the words of nodes. */
export type Signs = { first: number; bits: number }

/**
 * Which nodes have which of the last 32 items: one word per node, so that a node that has all it is
 * told of finds that out with one look. What is older is not remembered here.
 */
export type RecentMarks = {
  /** Opens a new item and returns its number. */
  open: () => number
  mark: (node: NodeId, number: number) => void
  /** True where the node has it; false where it lacks it, or it is too old to tell. */
  has: (node: NodeId, number: number) => boolean
  /** The signs of items by their numbers. */
  signsOf: (numbers: readonly number[]) => Signs
  /** True where the node has all of them; false where it lacks one, or one is too old to tell. */
  hasAll: (node: NodeId, signs: Signs) => boolean
}

export function createRecentMarks(size: number): RecentMarks {
  const words = new Int32Array(size)
  let opened = 0

  const isRecent = (number: number): boolean => opened - number <= windowSize
  return {
    open: () => {
      const number = opened++
      const others = ~(1 << (number % windowSize))
      for (let node = 0; node < size; node++) words[node] = words[node]! & others
      return number
    },
    mark: (node, number) => {
      if (isRecent(number)) words[node] = words[node]! | (1 << (number % windowSize))
    },
    has: (node, number) =>
      isRecent(number) && (words[node]! & (1 << (number % windowSize))) !== 0,
    signsOf: (numbers) => {
      let first = opened
      let bits = 0
      for (const number of numbers) {
        if (number < first) first = number
        bits |= 1 << (number % windowSize)
      }
      return { first, bits }
    },
    hasAll: (node, { first, bits }) => isRecent(first) && (bits & ~words[node]!) === 0,
  }
}
