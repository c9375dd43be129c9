/** The smallest unit of bitcoin; fees are whole numbers of it. */
export type Satoshi = number

/** Weight units per virtual byte (BIP 141). */
export const weightPerVirtualByte = 4

/** Virtual bytes of a weight, rounded up as BIP 141 has it. */
export function virtualBytes(weight: number): number {
  return Math.ceil(weight / weightPerVirtualByte)
}

/**
 * Which of two feerates is higher: above 0 where the first one is, 0 where they are equal.
 *
 * Exact: a quotient is rounded monotonically, so that different doubles are in the right order;
 * equal ones are told apart by cross multiplication, in big integers where doubles are too short.
 *
 * @param size Of each in the same unit, above 0.
 */
export function compareFeerates(
  fee: Satoshi,
  size: number,
  otherFee: Satoshi,
  otherSize: number,
): number {
  const difference = fee / size - otherFee / otherSize
  return difference === 0 ? compareProducts(fee, otherSize, otherFee, size) : difference
}

/** The sign of a · b − c · d, exact for safe integers. */
export function compareProducts(a: number, b: number, c: number, d: number): number {
  const left = a * b
  const right = c * d
  if (Math.abs(left) <= Number.MAX_SAFE_INTEGER && Math.abs(right) <= Number.MAX_SAFE_INTEGER) {
    return left - right
  }
  const exact = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d)
  return exact > 0n ? 1 : exact < 0n ? -1 : 0
}

/** The fee of a size at a rate, sat/kvB, rounded up to a whole satoshi. */
export function feeAt(satoshiPerKvb: number, size: number): Satoshi {
  return Math.ceil((satoshiPerKvb * size) / 1_000)
}
