import { type Distribution, ms, seconds } from '@counterpoise/engine'
import { tempoRules } from '@counterpoise/ledger'
import type { ChainRules } from '../options.ts'
import { createScript, createTestChain } from '../testing.ts'
import type { WalletOptions } from '../wallet.ts'
import type { TempoOptions } from './options.ts'

/** Tempo as it is, with one token, protocol nonces and work that takes no time. */
export const plainTempo: TempoOptions = {
  rules: tempoRules('T8'),
  generalGas: 30_000_000,
  transactionGas: 30_000_000,
  gasLimit: 300_000,
  build: { budget: ms(500), multiplier: 1.35, gasPerSecond: 0, persistNsPerByte: 0 },
  tokens: [{ name: 'P', share: 1 }],
  pools: [],
  validatorTokens: {},
  rebalancing: { above: Number.POSITIVE_INFINITY, gas: 150_000 },
  holdings: 'all',
  nonces: { protocol: 1, key: 0, expiring: 0, keys: 3, validForSeconds: 10 },
  shares: { virtualAddress: 0, keychain: 0, p256: 0, general: 0, sponsored: 0 },
  generalCall: { gas: 90_000, bytes: 400 },
  batches: { share: 0, window: ms(500), callsMax: 20, bytesPerCall: 100 },
  charges: { share: 0, challengeMs: { kind: 'constant', value: 0 } },
  sessions: {
    ...{ share: 0, deposit: 10_000_000, closeAfter: seconds(60) },
    voucherMs: { kind: 'constant', value: 30 },
  },
}

/** Rules of a chain whose blocks hold ten transfers. */
export function tempoChainRules(tempo: Partial<TempoOptions> = {}): ChainRules {
  return {
    baseFee: { ...tempoRules('T8').baseFee, initial: 600_000_000 },
    ...{ unitsLimit: 400_000, unitsPerPayment: 50_000, bytesLimit: 1_000_000 },
    ...{ bytesPerPayment: 251, mempoolUnits: 100_000_000, minimumPrice: 600_000_000 },
    ...{ microUsdPerUnit: 1e-12, unitsPerSecond: 0 },
    tempo: { ...plainTempo, ...tempo },
  }
}

/** Twenty times the base fee, and a tip. */
export const tempoWallet = (
  tip: Distribution = { kind: 'constant', value: 0 },
): WalletOptions => ({
  ...{ strategy: 'base fee', targetBlocks: 1, headroom: 20, tip },
  budgetUsd: { median: 2, sigma: 0 },
})

/** A chain of validators v0 and v1 by Tempo's rules, and a script that makes its blocks. */
export function createTempo(
  tempo: Partial<TempoOptions> = {},
  unitsLimit?: number,
  given: Partial<ChainRules> = {},
) {
  const script = createScript('deterministic')
  const rules = { ...tempoChainRules(tempo), ...given }
  const chain = createTestChain({
    ...{ model: script.model, wallet: tempoWallet(), openingUsd: 100 },
    rules: { ...rules, unitsLimit: unitsLimit ?? rules.unitsLimit },
  })
  const { simulation } = chain
  const wait = (delay: number): void =>
    void simulation.run({ until: simulation.now() + ms(delay) })
  let head = 0
  return {
    ...{ ...chain, script, wait },
    /** A block on the last one, final for all at once. */
    next: (proposer = 0): number => {
      head = script.build(proposer, head)
      for (const node of [2, 3]) {
        script.show(node, head)
        script.finalise(node, head)
      }
      return head
    },
    records: () => chain.rail.execution!(),
  }
}
