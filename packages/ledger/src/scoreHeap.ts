/**
 * A binary heap of (score, sequence, id) in typed columns: the largest score on top, among equal
 * scores the smallest sequence. For the smallest score on top, give negated scores.
 */
export type ScoreHeap = {
  size: () => number
  push: (score: number, sequence: number, id: number) => void
  topScore: () => number
  topSequence: () => number
  topId: () => number
  pop: () => void
  /** Drops the entries that the test refuses, in one pass. */
  keep: (test: (sequence: number, id: number) => boolean) => void
}

/** Makes an empty heap. */
export function createScoreHeap(): ScoreHeap {
  let scores = new Float64Array(64)
  let sequences = new Float64Array(64)
  let ids = new Int32Array(64)
  let length = 0

  const put = (index: number, score: number, sequence: number, id: number): void => {
    scores[index] = score
    sequences[index] = sequence
    ids[index] = id
  }

  const grow = (): void => {
    const [oldScores, oldSequences, oldIds] = [scores, sequences, ids]
    scores = new Float64Array(length * 2)
    sequences = new Float64Array(length * 2)
    ids = new Int32Array(length * 2)
    scores.set(oldScores)
    sequences.set(oldSequences)
    ids.set(oldIds)
  }

  const siftDown = (start: number, score: number, sequence: number, id: number): void => {
    let index = start
    for (;;) {
      let child = index * 2 + 1
      if (child >= length) break
      const right = child + 1
      if (right < length && before(scores[right]!, sequences[right]!, child)) child = right
      if (before(score, sequence, child)) break
      put(index, scores[child]!, sequences[child]!, ids[child]!)
      index = child
    }
    put(index, score, sequence, id)
  }

  const before = (score: number, sequence: number, index: number): boolean =>
    score > scores[index]! || (score === scores[index] && sequence < sequences[index]!)

  return {
    size: () => length,
    push: (score, sequence, id) => {
      if (length === ids.length) grow()
      let index = length++
      while (index > 0) {
        const parent = (index - 1) >> 1
        if (!before(score, sequence, parent)) break
        put(index, scores[parent]!, sequences[parent]!, ids[parent]!)
        index = parent
      }
      put(index, score, sequence, id)
    },
    topScore: () => scores[0]!,
    topSequence: () => sequences[0]!,
    topId: () => ids[0]!,
    pop: () => {
      length--
      if (length > 0) siftDown(0, scores[length]!, sequences[length]!, ids[length]!)
    },
    keep: (test) => {
      let kept = 0
      for (let index = 0; index < length; index++) {
        if (!test(sequences[index]!, ids[index]!)) continue
        put(kept++, scores[index]!, sequences[index]!, ids[index]!)
      }
      length = kept
      for (let index = (length >> 1) - 1; index >= 0; index--) {
        siftDown(index, scores[index]!, sequences[index]!, ids[index]!)
      }
    },
  }
}
