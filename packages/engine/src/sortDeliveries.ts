/** Fewer are sorted by insertion at once. */
const insertionMax = 24
/** More in one bucket, and insertion would become slow. */
const crowdMax = 64

/** A sorted delivery is a record of 16 bytes: its time, its target, its rank among those given. */
export const delivery = { words: 4, target: 2, rank: 3 } as const
/** Times of a store lie so many numbers apart. */
const timeStride = 2

/** Two views of one buffer that holds deliveries. */
export type DeliveryStore = { times: Float64Array; words: Int32Array }

let buckets: Int32Array = new Int32Array(1_024)
let starts: Int32Array = new Int32Array(1_024)

/**
 * Writes the first `count` deliveries into a store from `start` on, in the order of time; those of
 * equal times keep theirs. Nothing is allocated once the largest count was seen.
 *
 * Arrival times are spread more or less evenly: they are put into as many buckets as there are
 * times, after which hardly one stands in the wrong place. Where they crowd, they are merged.
 */
export function sortDeliveries(
  store: DeliveryStore,
  start: number,
  times: Float64Array,
  targets: Int32Array,
  count: number,
): void {
  let earliest = times[0]!
  let latest = earliest
  let isSorted = true
  for (let index = 1; index < count; index++) {
    const time = times[index]!
    if (time >= latest) latest = time
    else {
      isSorted = false
      if (time < earliest) earliest = time
    }
  }
  if (isSorted || count <= insertionMax) {
    for (let index = 0; index < count; index++) put(store, start + index, index, times, targets)
  } else if (fillBuckets(times, count, earliest, latest)) {
    for (let index = 0; index < count; index++) {
      const bucket = buckets[index]!
      const at = starts[bucket]!
      starts[bucket] = at + 1
      put(store, start + at, index, times, targets)
    }
  } else {
    const ranks = mergedRanks(times, count)
    for (let index = 0; index < count; index++) {
      put(store, start + index, ranks[index]!, times, targets)
    }
    return
  }
  if (!isSorted) sortByInsertion(store, start, count)
}

/** Writes a delivery to its place. */
function put(
  store: DeliveryStore,
  place: number,
  rank: number,
  times: Float64Array,
  targets: Int32Array,
): void {
  const at = place * delivery.words
  store.times[place * timeStride] = times[rank]!
  store.words[at + delivery.target] = targets[rank]!
  store.words[at + delivery.rank] = rank
}

/**
 * Finds the bucket of each time, and where in the order each bucket begins. False where many share
 * one.
 */
function fillBuckets(
  times: Float64Array,
  count: number,
  earliest: number,
  latest: number,
): boolean {
  if (count > starts.length) {
    starts = new Int32Array(count * 2)
    buckets = new Int32Array(count * 2)
  }
  starts.fill(0, 0, count)
  const scale = (count - 1) / (latest - earliest)
  let crowd = 0
  for (let index = 0; index < count; index++) {
    const bucket = ((times[index]! - earliest) * scale) | 0
    buckets[index] = bucket
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
  return true
}

function sortByInsertion({ times, words }: DeliveryStore, start: number, count: number): void {
  for (let index = start + 1; index < start + count; index++) {
    const time = times[index * timeStride]!
    if (times[(index - 1) * timeStride]! <= time) continue
    const target = words[index * delivery.words + delivery.target]!
    const rank = words[index * delivery.words + delivery.rank]!
    let place = index
    do {
      const at = place * delivery.words
      times[place * timeStride] = times[(place - 1) * timeStride]!
      words[at + delivery.target] = words[at - delivery.words + delivery.target]!
      words[at + delivery.rank] = words[at - delivery.words + delivery.rank]!
      place--
    } while (place > start && times[(place - 1) * timeStride]! > time)
    times[place * timeStride] = time
    words[place * delivery.words + delivery.target] = target
    words[place * delivery.words + delivery.rank] = rank
  }
}

/** The indices of the times in their order, by merging runs of 1, 2, 4 … */
function mergedRanks(times: Float64Array, count: number): Int32Array {
  let from: Int32Array = starts
  let to: Int32Array = buckets
  for (let index = 0; index < count; index++) from[index] = index
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      mergeRuns(from, to, times, start, width, count)
    }
    const swap = from
    from = to
    to = swap
  }
  return from
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
