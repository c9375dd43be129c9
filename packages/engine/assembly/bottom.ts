import { append, bottomList, clear, list } from './lists'
import { allocate, Event, release, state } from './memory'

const capacityMin: i32 = 128
/** In a longer bottom the place of an event is searched by steps that double, then by halves. */
const linearMax: i32 = 96
const columnBytes: usize = 12

/** A time of the column of times. */
export function timeAt(times: usize, at: i32): f64 {
  return load<f64>(times + ((<usize>at) << 3))
}

export function setTime(times: usize, at: i32, time: f64): void {
  store<f64>(times + ((<usize>at) << 3), time)
}

/** An event of the column of events. */
export function eventAt(events: usize, at: i32): usize {
  return load<usize>(events + ((<usize>at) << 2))
}

export function setEvent(events: usize, at: i32, event: usize): void {
  store<usize>(events + ((<usize>at) << 2), event)
}

export function priorityOf(event: usize): i32 {
  return changetype<Event>(event).head >> 24
}

export function beginBottom(): void {
  resize(capacityMin)
}

/** Lets go of all events. */
export function clearBottom(): void {
  clear(list(bottomList))
  state.first = 0
  state.last = 0
  state.spare = 0
}

/** Makes room for so many events in an empty bottom. */
export function reserveBottom(count: i32): void {
  if (count > state.capacity) resize(max(count, state.capacity * 2))
  state.first = 0
  state.last = count
  state.spare = 0
}

/** Makes room for an event in its order and returns its place. */
export function insert(time: f64, priority: i32): usize {
  if (state.last === state.capacity) makeRoom()
  const times = state.times
  const events = state.events
  const first = state.first
  const last = state.last
  const count = last - first
  let event: usize
  let at: i32
  if (
    first > 0 &&
    count > 0 &&
    count <= linearMax &&
    time < timeAt(times, first + (count >> 1))
  ) {
    // The event at the middle is later, so that the search ends there.
    if (state.spare < first) event = eventAt(events, first - 1)
    else {
      event = append(list(bottomList))
      state.spare = first - 1
    }
    at = first
    for (;;) {
      const found = timeAt(times, at)
      if (found > time) break
      if (found === time && priorityOf(eventAt(events, at)) > priority) break
      setTime(times, at - 1, found)
      setEvent(events, at - 1, eventAt(events, at))
      at++
    }
    at--
    state.first = first - 1
  } else {
    if (state.spare < first) event = eventAt(events, state.spare++)
    else event = append(list(bottomList))
    if (count > linearMax) at = openGap(time, priority)
    else {
      at = last
      while (at > first && timeAt(times, at - 1) >= time) {
        const found = timeAt(times, at - 1)
        if (found === time && priorityOf(eventAt(events, at - 1)) <= priority) break
        setTime(times, at, found)
        setEvent(events, at, eventAt(events, at - 1))
        at--
      }
      state.last = last + 1
    }
  }
  setTime(times, at, time)
  setEvent(events, at, event)
  return event
}

/** Opens a gap for an event in a long bottom, behind all that is not later. */
function openGap(time: f64, priority: i32): i32 {
  const times = state.times
  const events = state.events
  const first = state.first
  const last = state.last
  const count = last - first
  let low = first
  let high = last
  // Mostly the place is near an end: what is due at once, or after all others of an instant.
  for (let step = 1; step < count; step *= 2) {
    if (!comesBefore(time, priority, last - step)) {
      low = last - step + 1
      high = last - (step >> 1)
      break
    }
    if (comesBefore(time, priority, first + step)) {
      low = first + (step >> 1)
      high = first + step
      break
    }
  }
  while (low < high) {
    const middle = (low + high) >> 1
    if (comesBefore(time, priority, middle)) high = middle
    else low = middle + 1
  }
  if (first > 0 && low - first < last - low) {
    // The free place that the bottom grows over goes where one has just been taken.
    if (state.spare < first) setEvent(events, --state.spare, eventAt(events, first - 1))
    else state.spare = first - 1
    slide(first, low, -1)
    state.first = first - 1
    return low - 1
  }
  slide(low, last, 1)
  state.last = last + 1
  return low
}

/** Moves the places from one to before another by so many. */
function slide(from: i32, to: i32, by: i32): void {
  const times = state.times
  const events = state.events
  const count = <usize>(to - from)
  const start = <usize>from
  const target = <usize>(from + by)
  memory.copy(times + (target << 3), times + (start << 3), count << 3)
  memory.copy(events + (target << 2), events + (start << 2), count << 2)
}

function comesBefore(time: f64, priority: i32, at: i32): boolean {
  const found = timeAt(state.times, at)
  return time < found || (time === found && priorityOf(eventAt(state.events, at)) > priority)
}

/** Moves the bottom to the beginning of the columns, or widens them. */
function makeRoom(): void {
  const by = state.spare
  // The bottom and its free places are what is needed.
  if ((state.last - by) * 2 > state.capacity) {
    resize(state.capacity * 2)
    return
  }
  slide(by, state.last, -by)
  state.first -= by
  state.last -= by
  state.spare = 0
}

/** Longer columns, with the bottom in them; twice as long at least, as the old ones are lost. */
function resize(capacity: i32): void {
  const times = state.times
  const events = state.events
  const bytes = <usize>state.capacity * columnBytes
  const start = allocate(<usize>capacity * columnBytes)
  state.times = start
  state.events = start + ((<usize>capacity) << 3)
  state.capacity = capacity
  memory.copy(state.times, times, (<usize>state.last) << 3)
  memory.copy(state.events, events, (<usize>state.last) << 2)
  release(times, bytes)
}
