import { BaseError } from '@counterpoise/engine'

/** Gas of one blob, and its bytes: 4,096 field elements of 32 bytes. EIP-4844. */
export const gasPerBlob = 131_072

/** Execution gas that one blob is taken to cost at least: BLOB_BASE_COST, EIP-7918. */
const blobBaseCost = 8_192n

/** How many blobs a block has, and how fast their price follows. EIP-7840 and EIP-7892. */
export type BlobSchedule = {
  name: string
  /** Blobs per block at which the price stays; 0 < target < maximum. */
  target: number
  maximum: number
  /** BLOB_BASE_FEE_UPDATE_FRACTION: excess gas that makes the price e times as high. */
  updateFraction: number
  /** From which epoch of mainnet it holds. */
  mainnetEpoch: number
  /** The price never rests far below a 16th of the base fee (EIP-7918). */
  reservePrice: boolean
}

/**
 * What has held on mainnet. Sources: EIP-4844 (Cancun), EIP-7691 (Prague), EIP-7918 (Osaka),
 * EIP-7892 with BLOB_SCHEDULE of consensus-specs a08d8a6e (BPO1, BPO2).
 */
export const blobSchedules: readonly BlobSchedule[] = [
  schedule('cancun', 3, 6, 3_338_477, 269_568, false),
  schedule('prague', 6, 9, 5_007_716, 364_032, false),
  schedule('osaka', 6, 9, 5_007_716, 411_392, true),
  schedule('bpo1', 10, 15, 8_346_193, 412_672, true),
  schedule('bpo2', 14, 21, 11_684_671, 419_072, true),
]

function schedule(
  name: string,
  target: number,
  maximum: number,
  updateFraction: number,
  mainnetEpoch: number,
  reservePrice: boolean,
): BlobSchedule {
  return { name, target, maximum, updateFraction, mainnetEpoch, reservePrice }
}

/** A list of schedules that cannot be: where it is wrong. */
export class BlobScheduleError extends BaseError {
  override name = 'BlobScheduleError' as const
  path: string

  constructor(path: string, expected: string, found: unknown) {
    super(`${path}: expected ${expected}, found ${String(found)}.`, {
      docsPath: 'proof-of-stake.md#fees',
    })
    this.path = path
  }
}

/** @throws BlobScheduleError where numbers or the order of the epochs cannot be. */
export function checkBlobSchedules(schedules: readonly BlobSchedule[]): void {
  if (schedules.length === 0) throw new BlobScheduleError('schedules', 'at least one', 'none')
  schedules.forEach(({ target, maximum, updateFraction, mainnetEpoch }, index) => {
    const path = `schedules[${index}]`
    const numbers = { target, maximum, updateFraction, mainnetEpoch }
    for (const [name, value] of Object.entries(numbers)) {
      const least = name === 'mainnetEpoch' ? 0 : 1
      if (Number.isSafeInteger(value) && value >= least) continue
      throw new BlobScheduleError(`${path}.${name}`, `an integer of at least ${least}`, value)
    }
    if (target >= maximum) {
      throw new BlobScheduleError(`${path}.target`, `less than the maximum of ${maximum}`, target)
    }
    const before = schedules[index - 1]
    if (before !== undefined && mainnetEpoch <= before.mainnetEpoch) {
      const expected = `an epoch after ${before.mainnetEpoch}`
      throw new BlobScheduleError(`${path}.mainnetEpoch`, expected, mainnetEpoch)
    }
  })
}

/** The schedule that holds in an epoch; undefined before the first one. */
export function blobScheduleAt(
  epoch: number,
  schedules: readonly BlobSchedule[] = blobSchedules,
): BlobSchedule | undefined {
  return schedules.findLast(({ mainnetEpoch }) => mainnetEpoch <= epoch)
}

/** The schedule of that name. @throws BlobScheduleError where there is none. */
export function blobScheduleNamed(name: string, path = 'blobs'): BlobSchedule {
  const found = blobSchedules.find((candidate) => candidate.name === name)
  if (found !== undefined) return found
  const names = blobSchedules.map((candidate) => candidate.name).join(', ')
  throw new BlobScheduleError(path, `one of ${names}`, name)
}

/** factor · e^(numerator ÷ denominator) by Taylor's series in integers: EIP-4844, exactly. */
export function fakeExponential(factor: bigint, numerator: bigint, denominator: bigint): bigint {
  let sum = 0n
  let term = factor * denominator
  for (let i = 1n; term > 0n; i++) {
    sum += term
    term = (term * numerator) / (denominator * i)
  }
  return sum / denominator
}

/** Price of blob gas, wei per gas, of a block with that excess; at least 1. */
export const blobBaseFee = (excessGas: number, { updateFraction }: BlobSchedule): bigint =>
  fakeExponential(1n, BigInt(excessGas), BigInt(updateFraction))

/** What the parent left: its excess of blob gas, its blobs, its base fee in wei per gas. */
export type BlobParent = { excessGas: number; blobs: number; baseFee: number }

/**
 * The excess of blob gas of the child of a block, exact in integers. Below the target it returns
 * to 0 before the reserve price is asked for: a price of 1 wei stays at 1 wei.
 *
 * @throws BlobScheduleError where the parent holds more blobs than the schedule allows.
 */
export function nextExcessBlobGas(parent: BlobParent, schedule: BlobSchedule): number {
  const { excessGas, blobs, baseFee } = parent
  const { target, maximum } = schedule
  if (!(Number.isSafeInteger(blobs) && blobs >= 0 && blobs <= maximum)) {
    throw new BlobScheduleError('parent.blobs', `an integer from 0 to ${maximum}`, blobs)
  }
  const used = blobs * gasPerBlob
  const kept = excessGas + used - target * gasPerBlob
  if (kept < 0) return 0
  if (!schedule.reservePrice) return kept
  const price = blobBaseFee(excessGas, schedule)
  const isBelowReserve = blobBaseCost * BigInt(baseFee) > BigInt(gasPerBlob) * price
  return isBelowReserve ? excessGas + Math.floor((used * (maximum - target)) / maximum) : kept
}

/**
 * The least excess at which the price of blob gas reaches a 16th of the base fee: where a chain in
 * use stands, and where a simulation of one should begin. Found by bisection.
 */
export function excessAtReserve(baseFee: number, schedule: BlobSchedule): number {
  const price = BigInt(baseFee) / 16n
  if (price <= 1n) return 0
  let low = 0
  let high = schedule.updateFraction
  while (blobBaseFee(high, schedule) < price) high *= 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (blobBaseFee(middle, schedule) < price) low = middle + 1
    else high = middle
  }
  return low
}
