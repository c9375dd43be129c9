import { noBaseFee } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { type ChainRules, unitsPerBlock } from './options.ts'

const rules: ChainRules = {
  ...{ baseFee: noBaseFee, unitsLimit: 4_000, unitsPerPayment: 1_000 },
  ...{ bytesLimit: 1_000, bytesPerPayment: 250, mempoolUnits: 1, minimumPrice: 1 },
  ...{ microUsdPerUnit: 1, unitsPerSecond: 0 },
}
const other = { unitsPerBlock: 1_500, givesWay: false }

test.each<[Partial<ChainRules>, number]>([
  [{}, 4_000],
  // Bytes for three and a half payments are bytes for three.
  [{ bytesLimit: 875 }, 3_000],
  [{ bytesLimit: 10_000 }, 4_000],
  [{ bytesLimit: 1, bytesPerPayment: 0 }, 4_000],
  // What has a lane of its own comes first, and takes no more than that.
  [{ otherTraffic: other }, 2_500],
  [{ otherTraffic: { ...other, laneLimit: 1_000 } }, 3_000],
  [{ otherTraffic: { ...other, laneLimit: 1_000, givesWay: true } }, 4_000],
])('a block with %j has room for payments of %i units', (changes, units) => {
  expect(unitsPerBlock({ ...rules, ...changes })).toBe(units)
})
