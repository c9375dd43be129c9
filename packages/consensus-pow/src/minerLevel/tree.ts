import type { MinerLevelTree } from './result.ts'

/** Keeps every block of a run, in columns of the size of the run. */
export function createTree(blocks: number): {
  add: (parent: number, finder: number, time: number) => void
  result: (head: number) => MinerLevelTree
} {
  const parents = new Int32Array(blocks + 1)
  const finders = new Int32Array(blocks + 1)
  const times = new Float64Array(blocks + 1)
  parents[0] = -1
  finders[0] = -1
  let count = 1
  return {
    add: (parent, finder, time) => {
      parents[count] = parent
      finders[count] = finder
      times[count] = time
      count++
    },
    result: (head) => ({
      parents: parents.subarray(0, count),
      finders: finders.subarray(0, count),
      times: times.subarray(0, count),
      head,
    }),
  }
}
