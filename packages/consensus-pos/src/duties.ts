import type { NodeId } from '@counterpoise/network'

/** Who does what in a slot: everybody can work it out from the public beacon. */
export type Duties = {
  /** The one node that may propose in the slot, drawn by weight. */
  proposerOf: (slot: number) => NodeId
  /** The aggregators of the slot in the order in which they speak, without repetition. */
  aggregatorsOf: (slot: number) => readonly NodeId[]
}

export type DutiesOptions = {
  weights: Float64Array
  /** 32 public random bits of a slot. */
  beacon: (slot: number) => number
  /** Draws of aggregators per slot. */
  aggregators: number
}

const shared = new WeakMap<object, Duties>()

/** The duties of a cluster: the same object for all replicas with the same `key`. */
export function dutiesOf(key: object, options: DutiesOptions): Duties {
  let duties = shared.get(key)
  if (duties === undefined) {
    duties = createDuties(options)
    shared.set(key, duties)
  }
  return duties
}

/** Draws duties from the beacon; the aggregators of the slot asked for last are kept. */
export function createDuties({ weights, beacon, aggregators }: DutiesOptions): Duties {
  const cumulative = new Float64Array(weights.length)
  let total = 0
  weights.forEach((weight, node) => {
    total += weight
    cumulative[node] = total
  })

  /** The node in whose share of the total weight the bits fall. */
  const drawn = (bits: number): NodeId => {
    const point = ((bits + 0.5) / 4_294_967_296) * total
    let low = 0
    let high = cumulative.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (cumulative[middle]! > point) high = middle
      else low = middle + 1
    }
    return low
  }

  let slotOfList = -1
  let list: NodeId[] = []

  return {
    proposerOf: (slot) => drawn(beacon(slot)),
    aggregatorsOf: (slot) => {
      if (slot === slotOfList) return list
      slotOfList = slot
      list = []
      const bits = beacon(slot)
      for (let draw = 1; draw <= aggregators; draw++) {
        const node = drawn(mixed(bits + Math.imul(draw, 0x9e3779b1)))
        if (!list.includes(node)) list.push(node)
      }
      return list
    },
  }
}

/** MurmurHash3's last step: 32 bits that look unlike those of the other draws. */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
