import { bench, describe } from 'vitest'
import { ethereumBaseFee, noBaseFee } from '../src/index.ts'
import { createRush, type Rush } from './rush.ts'

const payments = 1_300_000
const paymentsPerSecond = 3_500

const ethereum: Rush = {
  payments,
  paymentsPerSecond,
  secondsPerBlock: 12,
  unitsLimit: 60_000_000,
  unitsPerPayment: 46_000,
  capacity: 6_000,
  baseFee: ethereumBaseFee(100_000_000, 60_000_000),
  headroom: 1.5,
  sigma: 0.5,
}

/** In all but `bitcoin`, far more payments come than go into blocks. */
const rushes: Record<string, Rush> = {
  // Blocks of 1 MvB; the pool holds what 300 MB of memory do, some 100 MvB.
  bitcoin: {
    ...ethereum,
    secondsPerBlock: 30,
    unitsLimit: 4_000_000,
    unitsPerPayment: 564,
    capacity: 700_000,
    baseFee: noBaseFee,
    headroom: 1,
  },
  ethereum,
  // As if no payment were ever dropped: most of the pool cannot pay the base fee.
  ethereumUnlimited: { ...ethereum, capacity: 1_000_000 },
  tempo: {
    ...ethereum,
    secondsPerBlock: 0.5,
    unitsLimit: 100_000_000,
    unitsPerPayment: 50_000,
    capacity: 100_000,
    baseFee: {
      initial: 12_000_000_000,
      gasTarget: 10_000_000,
      changeDenominator: 8,
      minimum: 600_000_000,
      maximum: 12_000_000_000,
    },
  },
}

// Payments per second = the number in the name × the printed runs per second.
for (const [name, rush] of Object.entries(rushes)) {
  describe(`ledger/mempool/${name}`, () => {
    const run = createRush(rush)
    bench(`rush/payments=${payments}`, () => void run(), {
      iterations: 3,
      time: 0,
      warmupIterations: 1,
      warmupTime: 0,
    })
  })
}
