import { bench, describe } from 'vitest'
import { type BitcoinRush, createBitcoinRush } from './bitcoinRush.ts'

const pending = 100_000
const arriving = 100_000

/** Admissions only; with a full block for every 7,000; and with a third of packages. */
const rushes: Record<string, Omit<BitcoinRush, 'rules'>> = {
  admissions: { pending, arriving, perBlock: 0, childShare: 0 },
  blocks: { pending, arriving, perBlock: 7_000, childShare: 0 },
  packages: { pending, arriving, perBlock: 7_000, childShare: 0.3 },
}

// Admissions per second = 200,000 × the printed runs per second.
for (const rules of ['ancestors', 'clusters'] as const) {
  describe(`ledger/bitcoinPool/${rules}`, () => {
    for (const [name, rush] of Object.entries(rushes)) {
      const run = createBitcoinRush({ rules, ...rush })
      bench(`${name}/transactions=${pending + arriving}`, () => void run(), {
        iterations: 3,
        time: 0,
        warmupIterations: 1,
        warmupTime: 0,
      })
    }
  })
}
