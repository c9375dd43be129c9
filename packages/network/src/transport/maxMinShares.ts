/** Flows by column: who sends, who receives, and the most that the link between them takes. */
export type Flows = {
  from: ArrayLike<number>
  to: ArrayLike<number>
  /** Bytes per second; Infinity where only the nodes limit the flow. */
  cap: ArrayLike<number>
}

/**
 * The max-min fair rates of concurrent flows, by progressive filling: all grow alike until a node
 * (or a flow's own link) is full; its flows keep what they have, the others grow on.
 * No flow could have more without taking from one that has as little or less.
 *
 * Source: D. Bertsekas and R. Gallager, Data Networks, 2nd ed., section 6.5.2.
 *
 * @param up - Bytes per second that each node sends at most; 0 for no limit.
 * @param down - Bytes per second that each node receives at most; 0 for no limit.
 * @returns Bytes per second of each flow; Infinity where nothing limits it.
 */
export function maxMinShares(flows: Flows, up: Float64Array, down: Float64Array): Float64Array {
  const { from, to, cap } = flows
  const count = from.length
  const rates = new Float64Array(count).fill(-1)
  const size = up.length
  /** What is left of each node's uplink, then of each downlink, and how many flows share it. */
  const left = new Map<number, { rate: number; flows: number }>()
  const meet = (end: number, rate: number): void => {
    if (rate === 0) return
    const found = left.get(end)
    if (found === undefined) left.set(end, { rate, flows: 1 })
    else found.flows++
  }
  for (let flow = 0; flow < count; flow++) {
    meet(from[flow]!, up[from[flow]!]!)
    meet(size + to[flow]!, down[to[flow]!]!)
  }
  let open = Array.from({ length: count }, (_, flow) => flow)
  while (open.length > 0) {
    let least = Number.POSITIVE_INFINITY
    for (const { rate, flows: sharing } of left.values()) {
      if (sharing > 0 && rate / sharing < least) least = rate / sharing
    }
    for (const flow of open) if (cap[flow]! < least) least = cap[flow]!
    /** Whether a node's end of the link is among the fullest; decided before any is filled. */
    const full = new Set<number>()
    for (const [end, { rate, flows: sharing }] of left) {
      if (sharing > 0 && rate / sharing <= least) full.add(end)
    }
    const still: number[] = []
    for (const flow of open) {
      const [sender, receiver] = [from[flow]!, size + to[flow]!]
      const isFull = full.has(sender) || full.has(receiver) || cap[flow]! <= least
      if (!isFull && least < Number.POSITIVE_INFINITY) {
        still.push(flow)
        continue
      }
      rates[flow] = least
      for (const end of [sender, receiver]) {
        const found = left.get(end)
        if (found === undefined) continue
        found.rate = Math.max(0, found.rate - least)
        found.flows--
      }
    }
    open = still
  }
  return rates
}
