import { type EventHandle, exponential, priorities, type Simulation } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'

/** A win that would come later than this from now is not waited for: 100 years, µs. */
const horizon = 3_155_760_000_000_000

/** One exponential clock for all who compete; who wins is drawn by the share of the rates. */
export type Lottery = {
  /** A node competes from now on with so many wins expected per µs; 0 leaves. */
  compete: (node: NodeId, rate: number) => void
  /** A node is down: it keeps its rate, and does not compete. */
  pause: (node: NodeId) => void
  resume: (node: NodeId) => void
  /** Nobody wins any more. */
  rest: () => void
}

export type LotteryOptions = {
  /** Prefix of its event kind and random stream. */
  name: string
  size: number
  win: (node: NodeId) => void
}

/**
 * A race without memory among many, with one pending event. The minimum of exponential clocks of
 * rates r is exponential of rate Σr, and is node k's with the probability r / Σr; so this is the
 * same as a clock for each node. A number drawn once says how many wins must have been expected
 * until the next one comes. Time uses it up at the rate that holds at each moment, so that a rate
 * may change at any moment and nothing is drawn anew.
 */
export function createLottery(simulation: Simulation, options: LotteryOptions): Lottery {
  const { name, size, win } = options
  const purpose = `${name}/lottery`
  const stream = simulation.stream(purpose)
  const sums = createSums(size)
  const asked = new Float64Array(size)
  const isPaused = new Uint8Array(size)
  /** Expected wins that are left until the next one, at the time `since`; −1: to be drawn. */
  let left = -1
  let since = 0
  let rate = 0
  let pending: EventHandle | undefined
  let resting = false

  const schedule = (): void => {
    if (pending !== undefined) simulation.cancel(pending)
    pending = undefined
    if (rate <= 0 || resting) return
    if (left < 0) left = exponential(stream, 1)
    const delay = Math.round(left / rate)
    if (delay < horizon) pending = simulation.after(delay, kind)
  }

  const kind = simulation.define(
    purpose,
    () => {
      pending = undefined
      left = -1
      since = simulation.now()
      const winner = sums.find(stream.uniform() * rate)
      schedule()
      win(winner)
    },
    priorities.timer,
  )

  const update = (node: NodeId): void => {
    const next = isPaused[node] === 1 ? 0 : asked[node]!
    if (next === sums.get(node)) return
    const now = simulation.now()
    if (left >= 0) left = Math.max(0, left - (now - since) * rate)
    since = now
    sums.set(node, next)
    const total = sums.total()
    if (total === rate && pending !== undefined) return
    rate = total
    schedule()
  }

  return {
    compete: (node, next) => {
      asked[node] = next
      update(node)
    },
    pause: (node) => {
      isPaused[node] = 1
      update(node)
    },
    resume: (node) => {
      isPaused[node] = 0
      update(node)
    },
    rest: () => {
      resting = true
      schedule()
    },
  }
}

/** Numbers with their sums in a binary tree: each sum is added anew, so no error piles up. */
function createSums(size: number): {
  get: (index: number) => number
  set: (index: number, value: number) => void
  total: () => number
  /** The number at which the sum of those before it and itself exceeds a value. */
  find: (value: number) => number
} {
  let leaves = 1
  while (leaves < size) leaves *= 2
  const tree = new Float64Array(leaves * 2)
  return {
    get: (index) => tree[leaves + index]!,
    set: (index, value) => {
      let at = leaves + index
      tree[at] = value
      for (at >>= 1; at >= 1; at >>= 1) tree[at] = tree[at * 2]! + tree[at * 2 + 1]!
    },
    total: () => tree[1]!,
    find: (value) => {
      let at = 1
      let rest = value
      while (at < leaves) {
        at *= 2
        const low = tree[at]!
        // By rounding, a value may come out of its side: nobody of rate 0 wins by that.
        if (rest >= low && tree[at + 1]! > 0) {
          rest -= low
          at++
        }
      }
      return at - leaves
    },
  }
}
