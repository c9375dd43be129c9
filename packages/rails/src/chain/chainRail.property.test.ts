import { fuzzParameters } from '@counterpoise/dev'
import { ms, seconds } from '@counterpoise/engine'
import { ethereumBaseFee, noBaseFee, toUsd, usd } from '@counterpoise/ledger'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WalletOptions } from './wallet.ts'
import { tempoChainRules, tempoWallet } from './tempo/testing.ts'
import { createScript, createTestChain, type TestChainOptions } from './testing.ts'

/** A payment in all costs a fifth of a dollar at the most. */
const budgetUsd = { median: 0.2, sigma: 0 }

const wallets: Record<'bitcoin' | 'ethereum' | 'tempo', WalletOptions> = {
  bitcoin: {
    ...{ strategy: 'mempool depth', targetBlocks: 2, headroom: 1, budgetUsd },
    tip: { kind: 'lognormal', median: 1, sigma: 0.5 },
  },
  ethereum: {
    ...{ strategy: 'base fee', targetBlocks: 1, headroom: 1.5, budgetUsd },
    tip: { kind: 'uniform', low: 0, high: 4 },
  },
  tempo: tempoWallet({ kind: 'uniform', low: 0, high: 1e9 }),
}

/** Three transfers fill a block, seven the pool; every kind of nonce, lane, token and sponsor. */
const tempoRules = {
  ...tempoChainRules({
    ...{ holdings: 'own', rebalancing: { above: 100, gas: 20_000 }, generalGas: 100_000 },
    tokens: [{ name: 'P', share: 1 }, { name: 'A', share: 1, quote: 'P' }],
    pools: [{ from: 'A', to: 'P', liquidity: 30_000 }],
    nonces: { protocol: 1, key: 1, expiring: 1, keys: 2, validForSeconds: 5 },
    shares: { virtualAddress: 0, keychain: 0, p256: 0, general: 0.2, sponsored: 0.2 },
    batches: { share: 0.5, window: ms(800), callsMax: 3, bytesPerCall: 100 },
    sessions: {
      ...{ share: 0.4, deposit: 5_000_000, settleEvery: seconds(2), closeAfter: seconds(3) },
      voucherMs: { kind: 'uniform', low: 0, high: 4_000 },
    },
    policies: {
      ...{ accounts: 8, updateGas: 30_000 },
      policies: [{ token: 'A', kind: 'blacklist', checks: 'both', listed: 0.2 }],
      updates: [
        { at: seconds(4), policy: 0, share: 0.5, isListed: true },
        { at: seconds(9), policy: 0, share: 0.3, isListed: false },
      ],
    },
  }),
  ...{ unitsLimit: 400_000, mempoolUnits: 500_000 },
}

const optionsOf = (kind: keyof typeof wallets): Omit<TestChainOptions, 'model'> => ({
  wallet: wallets[kind],
  openingUsd: 20,
  rules: kind === 'tempo' ? tempoRules : {
    // Six payments fill the pool, two fill a block.
    ...{ unitsLimit: 2_000, mempoolUnits: 6_000 },
    baseFee: kind === 'bitcoin' ? noBaseFee : ethereumBaseFee(12, 2_000),
  },
})

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ from: fc.nat(7), amountUsd: fc.nat(8), patienceS: fc.nat(20) }),
  },
  { weight: 4, arbitrary: fc.record({ waitMs: fc.nat(3_000) }) },
  { weight: 5, arbitrary: fc.record({ by: fc.nat(1), depth: fc.nat(4) }) },
  { weight: 5, arbitrary: fc.record({ node: fc.constantFrom(2, 3), headDepth: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ site: fc.constantFrom('a0', 'a1'), up: fc.boolean() }) },
)

const steps = fc.array(step, { maxLength: 80, size: 'max' })

test('money and counts are right under any forks, outages and bids, and all of it ends', () => {
  const kind = fc.constantFrom('bitcoin' as const, 'ethereum' as const, 'tempo' as const)
  fc.assert(
    fc.property(kind, steps, (name, actions) => {
      const script = createScript()
      const chain = createTestChain({ model: script.model, ...optionsOf(name) })
      const { simulation, rail, payments, book, told } = chain
      const inState = (...states: string[]): number =>
        Array.from({ length: payments.count() }, (_, id) => payments.state(id)).filter((state) =>
          states.includes(state),
        ).length
      let size = 1
      const recent = (depth: number): number => Math.max(0, size - 1 - depth)
      const wait = (delay: number): void =>
        void simulation.run({ until: simulation.now() + ms(delay) })

      wait(0)
      for (const action of actions) {
        if ('from' in action) {
          const { from, amountUsd, patienceS } = action
          chain.pay({ from, amount: usd(amountUsd), patience: seconds(patienceS) })
        } else if ('waitMs' in action) wait(action.waitMs)
        else if ('depth' in action) size = script.build(action.by, recent(action.depth)) + 1
        else if ('node' in action) script.show(action.node, recent(action.headDepth))
        else chain.setUp(action.site, action.up)

        expect(rail.conserved()).toBe(true)
        expect(rail.waiting()).toBe(inState('submitted'))
        expect(rail.inFlight()).toBe(inState('submitted', 'included'))
        for (let id = 0; id < payments.count(); id++) {
          expect(toUsd(payments.fee(id))).toBeLessThanOrEqual(budgetUsd.median)
        }
      }

      // Peace: everybody follows one chain, and those that nobody serves run out of patience.
      let head = size - 1
      for (let index = 0; index < 40; index++) {
        wait(1_000)
        head = script.build(0, head)
        for (const node of [2, 3]) script.show(node, head)
      }
      expect([rail.inFlight(), rail.waiting(), book.inFlight()]).toEqual([0, 0, 0])
      expect(rail.unfinished?.() ?? 0).toBe(0)
      expect(inState('final', 'failed', 'expired')).toBe(payments.count())
      const ends = told.filter(({ what }) => what !== 'included').map(({ payment }) => payment)
      expect(ends.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: payments.count() }, (_, id) => id),
      )
    }),
    fuzzParameters(250),
  )
})
