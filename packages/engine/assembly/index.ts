/*
 * The pending events of a run in the memory of a module: what `src/eventQueue.ts` does, with the
 * same order and the same numbers. This is AssemblyScript, a strict dialect of TypeScript whose
 * classes marked `@unmanaged` are layouts of memory and whose numbers are those of the machine.
 *
 * - `memory`: where everything stands, and how memory is handed out;
 * - `lists`: chains of chunks that grow at their end;
 * - `ladder`: top, rungs and buckets, from the far future down;
 * - `bottom`, `sorting`: what is due next, in order;
 * - `done`: one bit for each event that there was; `pending` skips and drops the cancelled ones;
 * - `transfer`: how what is pending comes here and goes; `digest`: what was taken.
 */

import { beginBottom, eventAt, timeAt } from './bottom'
import { digestEvent } from './digest'
import { beginDone, blockBits, mark, openBlock, sequenceOf, skip } from './done'
import { beginLadder, place } from './ladder'
import { beginLists } from './lists'
import { beginMemory, Event, state } from './memory'
import { bitOf, blockOf, findNext, rebuild } from './pending'

export { adopt, adoptBlock, bitsOf, extract, openOf } from './transfer'
export { digestEvent, skip }

/** With fewer events than this, cancelled ones simply stay until they are due. */
const rebuildMin: i32 = 256
/** Instead of a kind: nothing is due. */
const nothing: i32 = -1

/** To be called before all others. */
export function begin(): void {
  beginMemory()
  beginLists()
  beginBottom()
  beginDone()
  beginLadder()
}

/** Adds an event and returns its sequence. */
export function push(
  time: f64,
  priority: i32,
  kind: i32,
  target: i32,
  a: i32,
  b: i32,
  c: i32,
): f64 {
  if (state.bit === blockBits) openBlock()
  const block = state.block
  const bit = state.bit++
  const event = changetype<Event>(place(time, priority))
  event.time = time
  event.head = (priority << 24) | ((block >>> 16) << 16) | kind
  event.target = target
  event.a = a
  event.b = b
  event.c = c
  event.low = (block << 16) | bit
  return sequenceOf(block, bit)
}

/** The place of the next event, 0 where there is none. */
export function next(): usize {
  return findNext() ? eventAt(state.events, state.first) : 0
}

/** Takes the next event, where it is not later than a time, into the state; returns its kind. */
export function take(until: f64): i32 {
  if (!findNext()) return nothing
  const at = state.first
  const time = timeAt(state.times, at)
  if (time > until) return nothing
  const event = changetype<Event>(eventAt(state.events, at))
  state.first = at + 1
  state.length--
  const kind = event.head & 0xffff
  const target = event.target
  const a = event.a
  const b = event.b
  const c = event.c
  state.time = time
  state.head = event.head
  state.target = target
  state.a = a
  state.b = b
  state.c = c
  mark(blockOf(event), bitOf(event))
  digestEvent(time, kind, target, a, b, c)
  return kind
}

/** Takes a sequence back. False where it was done or never opened. */
export function cancel(block: i32, bit: i32): boolean {
  if (block > state.block || (block === state.block && bit >= state.bit)) return false
  if (!mark(block, bit)) return false
  if (++state.cancelled * 2 > state.length && state.length > rebuildMin) rebuild()
  return true
}
