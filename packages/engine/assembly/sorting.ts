import {
  eventAt,
  priorityOf,
  reserveBottom,
  setEvent,
  setTime,
  timeAt,
} from './bottom'
import { bottomList, chunkAfter, endOf, eventsPerChunk, list } from './lists'
import { cellsAt, Event, eventBytes, state, talliesAt } from './memory'

/** What is sorted by insertion; only events of one instant are ever more. */
const insertionMax: i32 = 64
/** So many events at most are sorted by cells. */
export const cellEventsMax: i32 = 4_096
const cellsMin: i32 = 64
/** More events of one cell than this are not sorted by insertion. */
const crowdMax: i32 = 32

/** Sorts the events that the list of the bottom was given; there were none before. */
export function loadBottom(): void {
  const count = list(bottomList).count
  reserveBottom(count)
  state.patience = 0
  copyToColumns(count)
  if (count <= insertionMax) sortByInsertion(count)
  else sortLong(count)
}

function copyToColumns(count: i32): void {
  const times = state.times
  const events = state.events
  let chunk = list(bottomList).head
  let at = 0
  for (;;) {
    const end = endOf(chunk, count - at)
    for (let event = chunk + eventBytes; event < end; event += eventBytes) {
      setTime(times, at, changetype<Event>(event).time)
      setEvent(events, at, event)
      at++
    }
    if (at >= count) return
    chunk = chunkAfter(chunk)
  }
}

function sortByInsertion(count: i32): void {
  const times = state.times
  const events = state.events
  for (let index = 1; index < count; index++) {
    const time = timeAt(times, index)
    if (timeAt(times, index - 1) < time) continue
    const event = eventAt(events, index)
    let at = index
    while (at > 0 && timeAt(times, at - 1) > time) {
      setTime(times, at, timeAt(times, at - 1))
      setEvent(events, at, eventAt(events, at - 1))
      at--
    }
    while (
      at > 0 &&
      timeAt(times, at - 1) === time &&
      priorityOf(eventAt(events, at - 1)) > priorityOf(event)
    ) {
      setTime(times, at, time)
      setEvent(events, at, eventAt(events, at - 1))
      at--
    }
    setTime(times, at, time)
    setEvent(events, at, event)
  }
}

/**
 * Sorts the events that the list of the bottom was given, of a bucket with such a start and such a
 * width, by the cell that each falls into. False, and nothing has happened, where many events are
 * in one cell.
 */
export function loadByCells(start: f64, width: f64): boolean {
  const count = list(bottomList).count
  let cells = cellsMin
  while (cells < count) cells *= 2
  // Both are powers of two, so that the cell is exact.
  if (!tally(start, <f64>cells / width, cells, count)) return false
  reserveBottom(count)
  state.patience = count >> 2
  const times = state.times
  const events = state.events
  let chunk = list(bottomList).head
  let left = count
  let cell = cellsAt
  for (;;) {
    const end = endOf(chunk, left)
    for (let event = chunk + eventBytes; event < end; event += eventBytes) {
      const tallied = talliesAt + ((<usize>load<u16>(cell)) << 2)
      const at = load<i32>(tallied)
      store<i32>(tallied, at + 1)
      setTime(times, at, changetype<Event>(event).time)
      setEvent(events, at, event)
      cell += 2
    }
    left -= eventsPerChunk
    if (left <= 0) break
    chunk = chunkAfter(chunk)
  }
  sortByInsertion(count)
  return true
}

/** Writes down the cell of each event, and where the events of each cell begin. */
function tally(start: f64, inverse: f64, cells: i32, count: i32): boolean {
  memory.fill(talliesAt, 0, (<usize>cells) << 2)
  let chunk = list(bottomList).head
  let left = count
  let cell = cellsAt
  for (;;) {
    const end = endOf(chunk, left)
    for (let event = chunk + eventBytes; event < end; event += eventBytes) {
      const number = <i32>((changetype<Event>(event).time - start) * inverse)
      const tallied = talliesAt + ((<usize>number) << 2)
      store<u16>(cell, number)
      store<i32>(tallied, load<i32>(tallied) + 1)
      cell += 2
    }
    left -= eventsPerChunk
    if (left <= 0) break
    chunk = chunkAfter(chunk)
  }
  let sum = 0
  for (let index = 0; index < cells; index++) {
    const tallied = talliesAt + ((<usize>index) << 2)
    const here = load<i32>(tallied)
    if (here > crowdMax) return false
    store<i32>(tallied, sum)
    sum += here
  }
  return true
}

/** A long bottom is of one instant, but for the last rungs: mostly in order as it is. */
function sortLong(count: i32): void {
  const times = state.times
  const events = state.events
  let isOneInstant = true
  let lowest = 127
  let highest = -128
  for (let at = 0; at < count; at++) {
    const priority = priorityOf(eventAt(events, at))
    if (priority < lowest) lowest = priority
    if (priority > highest) highest = priority
    if (timeAt(times, at) !== timeAt(times, 0)) isOneInstant = false
  }
  if (!isOneInstant) sortByInsertion(count)
  else if (lowest < highest) sortByPriority(count, timeAt(times, 0))
}

/** Tallies the priorities of events of one instant and puts each where it belongs. */
function sortByPriority(count: i32, time: f64): void {
  const events = state.events
  // All times are the same: where they stand there is room for the events as they came.
  const unsorted = state.times
  memory.copy(unsorted, events, (<usize>count) << 2)
  memory.fill(talliesAt, 0, 257 << 2)
  for (let at = 0; at < count; at++) {
    const tallied = tallyOf(eventAt(unsorted, at)) + 4
    store<i32>(tallied, load<i32>(tallied) + 1)
  }
  for (let tallied = talliesAt + 4; tallied <= talliesAt + (256 << 2); tallied += 4) {
    store<i32>(tallied, load<i32>(tallied) + load<i32>(tallied - 4))
  }
  for (let index = 0; index < count; index++) {
    const event = eventAt(unsorted, index)
    const tallied = tallyOf(event)
    const at = load<i32>(tallied)
    store<i32>(tallied, at + 1)
    setEvent(events, at, event)
  }
  for (let at = 0; at < count; at++) setTime(state.times, at, time)
}

function tallyOf(event: usize): usize {
  return talliesAt + ((<usize>(priorityOf(event) + 128)) << 2)
}
