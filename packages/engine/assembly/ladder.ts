import { clearBottom, eventAt, insert, timeAt } from './bottom'
import {
  append,
  bottomList,
  chunkAfter,
  copyEvent,
  detach,
  endOf,
  eventsPerChunk,
  frontList,
  list,
  move,
  reserveLists,
  rungLists,
  survey,
  topList,
  typicalSpan,
} from './lists'
import {
  Event,
  eventBytes,
  giveChunk,
  List,
  Rung,
  rungBytes,
  rungsAt,
  rungsMax,
  state,
} from './memory'
import { cellEventsMax, loadBottom, loadByCells } from './sorting'

/** As many lists as the cache holds the ends of. */
const bucketsMax: i32 = 2_048
const bucketsMin: i32 = 16
/** How many events a bucket should hold. */
const bucketEvents: i32 = 16
/** A bucket of at most so many events is sorted as it is. */
const sortMax: i32 = 48
/** A bottom of more events than this is taken apart again, when it has grown long. */
const bottomMax: i32 = 96
const none: i32 = -1

function rung(number: i32): Rung {
  return changetype<Rung>(rungsAt + <usize>number * rungBytes)
}

export function beginLadder(): void {
  state.topStart = Infinity
  state.nearList = bottomList
}

/** Makes room for an event and returns its place. */
export function place(time: f64, priority: i32): usize {
  state.length++
  if (time >= state.topStart) return append(list(topList))
  const end = rungsAt + <usize>state.rungs * rungBytes
  for (let at = rungsAt; at < end; at += rungBytes) {
    const found = changetype<Rung>(at)
    if (time >= found.floor) return append(list(bucketOf(found, time)))
  }
  return placeNear(time, priority)
}

/** The list of a rung that a time belongs to. */
function bucketOf(owner: Rung, time: f64): i32 {
  const bucket = (time - owner.start) * owner.inverse
  // Compared before it is made an integer, which far times would overflow.
  return owner.base + (bucket >= <f64>owner.final ? owner.final : <i32>bucket)
}

function placeNear(time: f64, priority: i32): usize {
  if (state.last - state.first > bottomMax && --state.patience < 0) foldBottom(time)
  const near = state.nearList
  if (near !== bottomList) return append(list(near))
  if (time >= state.topStart) return append(list(topList))
  return insert(time, priority)
}

/** Fills the empty bottom with what is due next. False where nothing is pending. */
export function refill(): boolean {
  clearBottom()
  while (true) {
    if (state.nearList === frontList) {
      state.nearList = bottomList
      if (open(frontList, 0, 0)) return true
    } else if (state.rungs > 0) {
      if (openBucket()) return true
    } else if (list(topList).count > 0) {
      if (openTop()) return true
    } else {
      state.topStart = Infinity
      return false
    }
  }
}

/** Opens the top. True where it became the bottom, false where it was spread over a rung. */
function openTop(): boolean {
  const top = list(topList)
  const count = top.count
  survey(top)
  if (count <= sortMax || state.earliest === state.latest) {
    state.topStart = count <= sortMax ? Infinity : state.latest + 1
    move(top, list(bottomList))
    loadBottom()
    return true
  }
  const span = state.latest - state.earliest + 1
  startRung(count, state.isMisled ? span : min(span, typicalSpan()))
  const first = rung(0)
  state.topStart = first.start + <f64>(first.final + 1) / first.inverse
  spread(topList, count)
  state.isMisled = list(topList).count * 2 > count ? 1 : 0
  return false
}

/** Opens the next bucket of the lowest rung. True where it became the bottom. */
function openBucket(): boolean {
  const lowest = rung(state.rungs - 1)
  const bucket = nextBucket(lowest)
  if (bucket < 0) {
    state.rungs--
    return false
  }
  const width = 1 / lowest.inverse
  const start = lowest.start + <f64>bucket * width
  const isFinal = bucket === lowest.final
  lowest.current = bucket + 1
  lowest.floor = isFinal ? Infinity : start + width
  const number = lowest.base + bucket
  // The final bucket may reach further than its width; a crowded one may hold a single instant.
  const isUsual = !isFinal && list(number).count * 4 < lowest.count
  return open(number, start, isUsual ? width : 0)
}

/** The first bucket of a rung, of those not opened, that is not empty; −1 where all are. */
function nextBucket(owner: Rung): i32 {
  const final = owner.final
  const base = owner.base
  for (let bucket = owner.current; bucket <= final; bucket++) {
    if (list(base + bucket).count > 0) return bucket
  }
  return none
}

/**
 * Makes a list the bottom where it is short, of one time, or easily sorted; spreads it over a rung
 * otherwise. Its times are from `start` on, within the width; where that is 0, they are looked
 * through.
 */
function open(number: i32, start: f64, width: f64): boolean {
  const bottom = list(bottomList)
  // The lists of a rung that makes way are used again, and this may be one of them.
  move(list(number), bottom)
  const count = bottom.count
  if (count > sortMax && state.rungs < rungsMax) {
    if (width > 0 && count <= cellEventsMax && loadByCells(start, width)) return true
    // A rung that is used up makes way, or sentinels of the far future would pile up rungs.
    while (state.rungs > 0 && nextBucket(rung(state.rungs - 1)) < 0) state.rungs--
    if (width === 0) survey(bottom)
    else {
      state.earliest = start
      state.latest = start + width - 1
    }
    if (state.earliest < state.latest) {
      startRung(count, state.latest - state.earliest + 1)
      spread(bottomList, count)
      return false
    }
  }
  loadBottom()
  return true
}

/** Begins a rung below the others for so many events, from the earliest that was seen. */
function startRung(count: i32, span: f64): void {
  const number = state.rungs++
  let size = bucketsMin
  while (size < bucketsMax && size * bucketEvents < count) size *= 2
  let width: f64 = 1
  while (width * <f64>size < span) width *= 2
  const begun = rung(number)
  begun.start = state.earliest
  begun.floor = state.earliest
  begun.inverse = 1 / width
  begun.base = number === 0 ? rungLists : rung(number - 1).base + rung(number - 1).final + 1
  begun.final = size - 1
  begun.current = 0
  begun.count = count
  reserveLists(begun.base + size)
}

/** Spreads the events of a list over the lowest rung; what is later stays in the top. */
function spread(number: i32, count: i32): void {
  const topStart = state.topStart
  const to = rung(state.rungs - 1)
  const start = to.start
  const inverse = to.inverse
  const final = <f64>to.final
  const top = list(topList)
  const buckets = list(to.base)
  const from = list(number)
  let chunk = from.head
  detach(from)
  for (let left = count; left > 0; left -= eventsPerChunk) {
    const end = endOf(chunk, left)
    for (let at = chunk + eventBytes; at < end; at += eventBytes) {
      const time = changetype<Event>(at).time
      let target = top
      if (time < topStart) {
        const bucket = <i32>min((time - start) * inverse, final)
        target = changetype<List>(changetype<usize>(buckets) + ((<usize>bucket) << 4))
      }
      copyEvent(at, append(target))
    }
    const next = chunkAfter(chunk)
    giveChunk(chunk)
    chunk = next
  }
}

/** Takes a bottom apart that has grown long, unless all of it is at one time. */
function foldBottom(time: f64): void {
  const first = state.first
  const last = state.last
  const times = state.times
  const events = state.events
  if (state.rungs === rungsMax) return
  if (timeAt(times, first) === time && timeAt(times, last - 1) === time) return
  let number = frontList
  if (state.rungs === 0 && state.topStart === Infinity) {
    number = topList
    state.topStart = -Infinity
  } else state.nearList = frontList
  const to = list(number)
  for (let at = first; at < last; at++) copyEvent(eventAt(events, at), append(to))
  clearBottom()
}
