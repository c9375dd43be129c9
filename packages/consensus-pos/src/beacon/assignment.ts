import type { Stream } from '@counterpoise/engine'
import { slotsPerEpoch } from './chain.ts'

/** How many validators of each node vote in a slot; every validator once in an epoch. */
export type Assignment = (slot: number, into: Int32Array) => void

/**
 * The even share: validators stand in line, node after node, and number g votes in the slot that
 * (g + 7 · epoch) leaves over 32. So each node's number differs by one at most from slot to slot.
 */
export function evenAssignment(validators: readonly number[]): Assignment {
  const first = firstOf(validators)
  return (slot, into) => {
    const wanted = lineOfSlot(slot)
    const before = (g: number): number =>
      Math.floor((g - wanted + slotsPerEpoch - 1) / slotsPerEpoch)
    validators.forEach((count, node) => {
      into[node] = before(first[node]! + count) - before(first[node]!)
    })
  }
}

/**
 * Which validators vote in a slot of the even share, 0 to 31: the same stand in one line in every
 * epoch, so a later vote of a line and node is a newer vote of the same validators.
 */
export function lineOfSlot(slot: number): number {
  const epoch = Math.floor(slot / slotsPerEpoch)
  return (((slot - 7 * epoch) % slotsPerEpoch) + slotsPerEpoch) % slotsPerEpoch
}

/** A random order of all validators for each epoch, cut into 32 slices: the committees. */
export function drawnAssignment(
  validators: readonly number[],
  streamOf: (epoch: number) => Stream,
): Assignment {
  const first = firstOf(validators)
  const total = first.at(-1)! + validators.at(-1)!
  const owner = new Int32Array(total)
  validators.forEach((count, node) => owner.fill(node, first[node]!, first[node]! + count))
  const order = new Int32Array(total)
  let shuffled = -1
  return (slot, into) => {
    const epoch = Math.floor(slot / slotsPerEpoch)
    if (epoch !== shuffled) {
      shuffled = epoch
      const stream = streamOf(epoch)
      order.set(owner)
      for (let last = total - 1; last > 0; last--) {
        const other = stream.below(last + 1)
        const node = order[last]!
        order[last] = order[other]!
        order[other] = node
      }
    }
    into.fill(0)
    const k = slot % slotsPerEpoch
    const from = Math.floor((total * k) / slotsPerEpoch)
    const to = Math.floor((total * (k + 1)) / slotsPerEpoch)
    for (let at = from; at < to; at++) into[order[at]!] = into[order[at]!]! + 1
  }
}

function firstOf(validators: readonly number[]): number[] {
  let sum = 0
  return validators.map((count) => {
    sum += count
    return sum - count
  })
}
