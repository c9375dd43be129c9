import { clearBottom, eventAt } from './bottom'
import { isDone } from './done'
import { refill } from './ladder'
import {
  append,
  bottomList,
  chunkAfter,
  copyEvent,
  detach,
  endOf,
  eventsPerChunk,
  frontList,
  keptList,
  list,
  move,
  rungLists,
  topList,
} from './lists'
import { Event, eventBytes, giveChunk, List, Rung, rungBytes, rungsAt, state } from './memory'

export function blockOf(event: Event): i32 {
  return (event.head & 0xff0000) | (event.low >>> 16)
}

export function bitOf(event: Event): i32 {
  return event.low & 0xffff
}

/** Brings the next event to the front of the bottom. */
export function findNext(): boolean {
  while (true) {
    if (state.first === state.last && !refill()) return false
    if (state.cancelled === 0) return true
    const event = changetype<Event>(eventAt(state.events, state.first))
    if (!isDone(blockOf(event), bitOf(event))) return true
    state.first++
    state.length--
    state.cancelled--
  }
}

/** Drops the cancelled events. */
export function rebuild(): void {
  const kept = list(keptList)
  const events = state.events
  const last = state.last
  for (let at = state.first; at < last; at++) keep(eventAt(events, at), kept)
  clearBottom()
  if (state.rungs > 0) {
    const lowest = changetype<Rung>(rungsAt + <usize>(state.rungs - 1) * rungBytes)
    const end = lowest.base + lowest.final + 1
    for (let number = rungLists; number < end; number++) pour(number)
  }
  pour(topList)
  pour(frontList)
  move(kept, list(topList))
  state.length = list(topList).count
  state.cancelled = 0
  state.rungs = 0
  state.nearList = bottomList
  state.topStart = -Infinity
}

/** Keeps what is left of a list. */
function pour(number: i32): void {
  const from = list(number)
  let chunk = from.head
  let left = from.count
  detach(from)
  for (; left > 0; left -= eventsPerChunk) {
    const end = endOf(chunk, left)
    for (let at = chunk + eventBytes; at < end; at += eventBytes) keep(at, list(keptList))
    const after = chunkAfter(chunk)
    giveChunk(chunk)
    chunk = after
  }
}

function keep(at: usize, kept: List): void {
  const event = changetype<Event>(at)
  if (!isDone(blockOf(event), bitOf(event))) copyEvent(at, append(kept))
}
