import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  blobBaseFee,
  type BlobSchedule,
  blobScheduleAt,
  BlobScheduleError,
  blobScheduleNamed,
  blobSchedules,
  checkBlobSchedules,
  excessAtReserve,
  fakeExponential,
  gasPerBlob,
  nextExcessBlobGas,
} from './blobMarket.ts'

/** The EIPs' pseudocode, in big integers and with numbers of its own. */
const reference: Record<string, { target: bigint; max: bigint; F: bigint; floor: boolean }> = {
  cancun: { target: 3n, max: 6n, F: 3338477n, floor: false },
  prague: { target: 6n, max: 9n, F: 5007716n, floor: false },
  osaka: { target: 6n, max: 9n, F: 5007716n, floor: true },
  bpo1: { target: 10n, max: 15n, F: 8346193n, floor: true },
  bpo2: { target: 14n, max: 21n, F: 11684671n, floor: true },
}

function fake_exponential(factor: bigint, numerator: bigint, denominator: bigint): bigint {
  let i = 1n
  let output = 0n
  let accum = factor * denominator
  while (accum > 0n) {
    output += accum
    accum = (accum * numerator) / (denominator * i)
    i += 1n
  }
  return output / denominator
}

function calc_excess(name: string, excess: bigint, used: bigint, baseFee: bigint): bigint {
  const { target, max, F, floor } = reference[name]!
  if (excess + used < target * 131072n) return 0n
  if (floor && 8192n * baseFee > 131072n * fake_exponential(1n, excess, F)) {
    return excess + (used * (max - target)) / max
  }
  return excess + used - target * 131072n
}

const bpo2 = blobScheduleNamed('bpo2')

describe.each(blobSchedules)('$name', (schedule) => {
  test('10,000 blocks of random blobs and base fees equal the EIPs in big integers', () => {
    const block = fc.tuple(
      fc.oneof(fc.nat(schedule.maximum), fc.constantFrom(0, schedule.target, schedule.maximum)),
      fc.oneof(fc.constantFrom(0, 7, 100_000_000), fc.nat(100_000_000_000)),
    )
    const blocks = fc.array(block, { minLength: 500, maxLength: 500 })
    fc.assert(
      fc.property(fc.nat(40 * schedule.updateFraction), blocks, (start, history) => {
        let [excessGas, expected] = [start, BigInt(start)]
        const found: bigint[] = []
        const wanted: bigint[] = []
        for (const [blobs, baseFee] of history) {
          excessGas = nextExcessBlobGas({ excessGas, blobs, baseFee }, schedule)
          const used = BigInt(blobs) * 131072n
          expected = calc_excess(schedule.name, expected, used, BigInt(baseFee))
          found.push(BigInt(excessGas), blobBaseFee(excessGas, schedule))
          wanted.push(expected, fake_exponential(1n, expected, reference[schedule.name]!.F))
        }
        expect(found.findIndex((value, index) => value !== wanted[index])).toBe(-1)
      }),
      fuzzParameters(20),
    )
  })
})

test.each([
  ['cancun', 1.125, 0.888_889],
  ['prague', 1.081_687, 0.854_666],
  ['bpo1', 1.081_687, 0.854_666],
  ['bpo2', 1.081_687, 0.854_666],
])('%s: a full block makes the price %d times as high, an empty one %d', (name, full, empty) => {
  const schedule: BlobSchedule = { ...blobScheduleNamed(name), reservePrice: false }
  const excessGas = schedule.updateFraction * 25
  const price = (blobs: number): number =>
    Number(blobBaseFee(nextExcessBlobGas({ excessGas, blobs, baseFee: 0 }, schedule), schedule))
  const now = Number(blobBaseFee(excessGas, schedule))
  expect(price(schedule.maximum) / now).toBeCloseTo(full, 4)
  expect(price(0) / now).toBeCloseTo(empty, 4)
  expect(price(schedule.target)).toBe(now)
})

describe('the reserve price', () => {
  test('default: from the reserve at 0.1 gwei, four blobs a block stay at 5.6 to 6.4 M wei', () => {
    const baseFee = 100_000_000
    let excessGas = excessAtReserve(baseFee, bpo2)
    expect(excessGas / 1e6).toBeCloseTo(182.9, 0)
    const prices: number[] = []
    for (let block = 0; block < 2_000; block++) {
      excessGas = nextExcessBlobGas({ excessGas, blobs: 4, baseFee }, bpo2)
      prices.push(Number(blobBaseFee(excessGas, bpo2)))
    }
    expect(Math.min(...prices) / 1e6).toBeCloseTo(5.63, 1)
    expect(Math.max(...prices) / 1e6).toBeCloseTo(6.34, 1)
  })

  test('behavior: with no excess and few blobs the price is 1 wei for ever', () => {
    let excessGas = 0
    for (let block = 0; block < 100; block++) {
      excessGas = nextExcessBlobGas({ excessGas, blobs: 13, baseFee: 1e9 }, bpo2)
    }
    expect(excessGas).toBe(0)
    expect(blobBaseFee(0, bpo2)).toBe(1n)
  })

  test('behavior: where the price is below it, even an empty block takes no excess away', () => {
    const parent = { excessGas: 14 * gasPerBlob, blobs: 0, baseFee: 1_000_000_000 }
    expect(nextExcessBlobGas(parent, bpo2)).toBe(14 * gasPerBlob)
    expect(nextExcessBlobGas({ ...parent, blobs: 21 }, bpo2)).toBe(21 * gasPerBlob)
    expect(nextExcessBlobGas(parent, { ...bpo2, reservePrice: false })).toBe(0)
  })
})

test('the exponential equals hand-worked terms', () => {
  // 1·e¹ in integers with denominator 2: 2 + 2 + 1 = 5, and 5 ÷ 2 rounded down.
  expect(fakeExponential(1n, 2n, 2n)).toBe(2n)
  // 1 + 1 + ⌊1 / 2⌋: terms of 1 count.
  expect(fakeExponential(1n, 1n, 1n)).toBe(2n)
  expect(fakeExponential(1n, 0n, 5n)).toBe(1n)
  expect(fakeExponential(38_493n, 0n, 1_000n)).toBe(38_493n)
  expect(fakeExponential(10n, 30n, 10n)).toBe(200n)
})

test('schedules follow one another by epoch', () => {
  expect(blobScheduleAt(269_567)).toBeUndefined()
  const names = [269_568, 364_032, 411_391, 411_392, 412_672, 419_071, 419_072, 1e9]
  expect(names.map((epoch) => blobScheduleAt(epoch)?.name)).toEqual([
    ...['cancun', 'prague', 'prague', 'osaka', 'bpo1', 'bpo1', 'bpo2', 'bpo2'],
  ])
  expect(() => checkBlobSchedules(blobSchedules)).not.toThrow()
})

test('behavior: impossible schedules are refused with their path', () => {
  const broken = (change: Partial<BlobSchedule>): unknown => {
    try {
      checkBlobSchedules([blobSchedules[0]!, { ...bpo2, ...change }])
      return undefined
    } catch (error) {
      return (error as BlobScheduleError).path
    }
  }
  expect(broken({})).toBeUndefined()
  expect(broken({ target: 21 })).toBe('schedules[1].target')
  expect(broken({ mainnetEpoch: 269_568 })).toBe('schedules[1].mainnetEpoch')
  expect(broken({ updateFraction: 0.5 })).toBe('schedules[1].updateFraction')
  expect(() => checkBlobSchedules([])).toThrow(BlobScheduleError)
  expect(() => blobScheduleNamed('bpo9')).toThrow(/expected one of cancun/)
  const parent = { excessGas: 0, blobs: 22, baseFee: 1 }
  expect(() => nextExcessBlobGas(parent, bpo2)).toThrow(BlobScheduleError)
})
