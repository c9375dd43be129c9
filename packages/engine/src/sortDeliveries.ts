/** Fewer are sorted by insertion at once. */
const insertionMax = 24
/** More in one bucket, and insertion would become slow. */
const crowdMax = 64

let starts: Int32Array = new Int32Array(1_024)
let scratch: Int32Array = new Int32Array(1_024)

/**
 * Writes the indices of the first `count` times into `ranks`, in the order of time; equal times
 * keep theirs. Nothing is allocated once the largest count was seen.
 *
 * Arrival times are spread more or less evenly: they are put into as many buckets as there are
 * times, after which hardly one stands in the wrong place. Where they crowd, they are merged.
 */
export function sortDeliveries(ranks: Int32Array, times: Float64Array, count: number): void {
  let earliest = times[0]!
  let latest = times[0]!
  let sorted = true
  for (let index = 0; index < count; index++) {
    const time = times[index]!
    ranks[index] = index
    if (time >= latest) latest = time
    else {
      sorted = false
      if (time < earliest) earliest = time
    }
  }
  if (sorted) return
  if (count <= insertionMax) sortByInsertion(ranks, times, count)
  else if (fillBuckets(ranks, times, count, earliest, latest)) {
    sortByInsertion(ranks, times, count)
  } else sortByMerging(ranks, times, count)
}

/** Puts the indices into the order of buckets. False, and nothing done, where many share one. */
function fillBuckets(
  ranks: Int32Array,
  times: Float64Array,
  count: number,
  earliest: number,
  latest: number,
): boolean {
  if (count > starts.length) starts = new Int32Array(count * 2)
  starts.fill(0, 0, count)
  const scale = (count - 1) / (latest - earliest)
  let crowd = 0
  for (let index = 0; index < count; index++) {
    const bucket = ((times[index]! - earliest) * scale) | 0
    const inside = starts[bucket]! + 1
    starts[bucket] = inside
    if (inside > crowd) crowd = inside
  }
  if (crowd > crowdMax) return false
  let next = 0
  for (let bucket = 0; bucket < count; bucket++) {
    const inside = starts[bucket]!
    starts[bucket] = next
    next += inside
  }
  for (let index = 0; index < count; index++) {
    // The same expression on the same numbers: the same bucket.
    const bucket = ((times[index]! - earliest) * scale) | 0
    const at = starts[bucket]!
    starts[bucket] = at + 1
    ranks[at] = index
  }
  return true
}

function sortByInsertion(ranks: Int32Array, times: Float64Array, count: number): void {
  for (let index = 1; index < count; index++) {
    const rank = ranks[index]!
    const time = times[rank]!
    let at = index
    while (at > 0 && times[ranks[at - 1]!]! > time) {
      ranks[at] = ranks[at - 1]!
      at--
    }
    ranks[at] = rank
  }
}

/** Merges runs of 1, 2, 4 … from one column into the other. */
function sortByMerging(ranks: Int32Array, times: Float64Array, count: number): void {
  if (count > scratch.length) scratch = new Int32Array(count * 2)
  let from: Int32Array = ranks
  let to: Int32Array = scratch
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      mergeRuns(from, to, times, start, width, count)
    }
    const swap = from
    from = to
    to = swap
  }
  if (from !== ranks) for (let index = 0; index < count; index++) ranks[index] = from[index]!
}

function mergeRuns(
  from: Int32Array,
  to: Int32Array,
  times: Float64Array,
  start: number,
  width: number,
  count: number,
): void {
  const middle = Math.min(start + width, count)
  const end = Math.min(start + 2 * width, count)
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const takesLeft =
      left < middle && (right >= end || times[from[left]!]! <= times[from[right]!]!)
    to[at] = takesLeft ? from[left++]! : from[right++]!
  }
}
