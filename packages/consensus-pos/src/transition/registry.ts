/** The epoch of what has not been decided: later than any other. */
export const farFuture = 2_147_483_647

/**
 * Validators in classes of equal ones, in the order of their indices: the members of a class are
 * neighbours there. Each class belongs to a group of the input and is split where its members
 * begin to differ. Amounts are Gwei per member; what does not divide evenly among the members
 * stands in `carry`, less than their number, so that sums stay exact.
 */
export type Registry = {
  size: number
  group: Int32Array
  /** Rank of the first member in its group. */
  rank: Int32Array
  count: Int32Array
  /** 1 for compounding credentials (0x02). */
  compounding: Uint8Array
  slashed: Uint8Array
  balance: Float64Array
  carry: Float64Array
  /** Effective balance, ETH. */
  effective: Int32Array
  score: Float64Array
  scoreCarry: Float64Array
  eligibilityEpoch: Int32Array
  activationEpoch: Int32Array
  exitEpoch: Int32Array
  withdrawableEpoch: Int32Array
  /** Members with a timely vote for source, target and head in the previous epoch. */
  source: Int32Array
  target: Int32Array
  head: Int32Array
  /** The same for the current epoch. */
  nextSource: Int32Array
  nextTarget: Int32Array
  nextHead: Int32Array
  /** Seats in the sync committee. */
  seats: Int32Array
}

export function createRegistry(capacity: number): Registry {
  const integers = (): Int32Array => new Int32Array(capacity)
  const amounts = (): Float64Array => new Float64Array(capacity)
  return {
    size: 0,
    group: integers(),
    rank: integers(),
    count: integers(),
    compounding: new Uint8Array(capacity),
    slashed: new Uint8Array(capacity),
    balance: amounts(),
    carry: amounts(),
    effective: integers(),
    score: amounts(),
    scoreCarry: amounts(),
    eligibilityEpoch: integers(),
    activationEpoch: integers(),
    exitEpoch: integers(),
    withdrawableEpoch: integers(),
    source: integers(),
    target: integers(),
    head: integers(),
    nextSource: integers(),
    nextTarget: integers(),
    nextHead: integers(),
    seats: integers(),
  }
}

type Column = Int32Array | Uint8Array | Float64Array

const columnsOf = (registry: Registry): Column[] =>
  Object.values(registry).filter((value): value is Column => typeof value !== 'number')

/** A copy that shares nothing with the original. */
export function cloneRegistry(registry: Registry): Registry {
  const copy = createRegistry(registry.count.length)
  const [from, to] = [columnsOf(registry), columnsOf(copy)]
  from.forEach((column, index) => to[index]!.set(column as never))
  copy.size = registry.size
  return copy
}

/** Makes room for `places` classes at `at` and copies the class before into each. */
function openPlaces(registry: Registry, at: number, places: number): void {
  const { size } = registry
  if (size + places > registry.count.length) {
    const wider = createRegistry(Math.max(4, 2 * (size + places)))
    const [from, to] = [columnsOf(registry), columnsOf(wider)]
    from.forEach((column, index) => to[index]!.set(column as never))
    Object.assign(registry, wider, { size })
  }
  for (const column of columnsOf(registry)) {
    column.copyWithin(at + places, at, size)
    if (at > 0) column.fill(column[at - 1]! as never, at, at + places)
  }
  registry.size = size + places
}

/** Appends a class of zeros and returns its number. */
export function appendClass(registry: Registry): number {
  const at = registry.size
  openPlaces(registry, at, 1)
  for (const column of columnsOf(registry)) column[at] = 0
  return at
}

const membersColumns = ['source', 'target', 'head', 'nextSource', 'nextTarget', 'nextHead'] as const

/**
 * Parts the first `members` of a class from the rest, which becomes the class after it. Nothing
 * happens where that is all of them. What is shared is divided by their numbers.
 */
export function splitClass(registry: Registry, at: number, members: number): void {
  const count = registry.count[at]!
  if (members <= 0 || members >= count) return
  splitInto(registry, at, [members, count - members])
}

/** Splits a class into neighbours of these sizes, whose sum is its number of members. */
export function splitInto(registry: Registry, at: number, sizes: readonly number[]): void {
  if (sizes.length <= 1) return
  openPlaces(registry, at + 1, sizes.length - 1)
  let left = registry.count[at]!
  sizes.forEach((members, part) => {
    const place = at + part
    registry.count[place] = members
    if (part > 0) registry.rank[place] = registry.rank[place - 1]! + registry.count[place - 1]!
    const isLast = part === sizes.length - 1
    for (const column of [registry.carry, registry.scoreCarry, registry.seats]) {
      const whole = column[place]!
      const share = Math.floor((whole * members) / left)
      column[place] = share
      if (!isLast) column[place + 1] = whole - share
    }
    for (const name of membersColumns) {
      const column = registry[name]
      const whole = column[place]!
      // First come first: the voters are those of the lowest ranks.
      column[place] = Math.min(whole, members)
      if (!isLast) column[place + 1] = whole - column[place]!
    }
    addShared(registry, place, 0)
    left -= members
  })
}

/** Adds an amount (Gwei, may be negative) to a class as a whole; no balance falls below 0. */
export function addShared(registry: Registry, at: number, amount: number): void {
  const { balance, carry } = registry
  const members = registry.count[at]!
  const rest = carry[at]! + amount
  const each = Math.floor(rest / members)
  const next = balance[at]! + each
  balance[at] = next < 0 ? 0 : next
  carry[at] = next < 0 ? 0 : rest - each * members
}

/** Sum of all balances, Gwei, as it may exceed 2⁵³. */
export function totalBalance(registry: Registry): bigint {
  let sum = 0n
  for (let at = 0; at < registry.size; at++) {
    sum += BigInt(registry.balance[at]!) * BigInt(registry.count[at]!) + BigInt(registry.carry[at]!)
  }
  return sum
}
