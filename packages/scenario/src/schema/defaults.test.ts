import { expect, test } from 'vitest'
import { baseFee } from './baseFee.ts'
import { network } from './network.ts'
import { tempoExecution } from './tempo.ts'
import { workloadSchema } from './workload.ts'
import { broken } from '../testing.ts'
import { scenarioOf } from '../validate.ts'

test("Tempo's execution, where nothing is said of it", () => {
  expect(tempoExecution.parse({ kind: 'tempo' })).toEqual({
    ...{ kind: 'tempo', fork: 'T8' },
    // The caps since T1 and T1A, and what its generator of load signs for.
    ...{ generalGas: 30_000_000, transactionGas: 30_000_000, gasLimit: 300_000 },
    build: {
      // 550 ms a block less 50 ms of network; times in µs.
      ...{ budget: 500_000, multiplier: 1.35, gasPerSecond: 1.25e9 },
      // A second for 125 MiB.
      persistNsPerByte: expect.closeTo(1e9 / (125 * 1_024 * 1_024), 1),
    },
    tokens: [{ name: 'pathUSD', share: 1 }],
    ...{ pools: [], validatorTokens: {}, policies: [], validatorChanges: [] },
    rebalancing: { aboveUsd: 1e9, gas: 150_000 },
    holdings: 'all',
    nonces: { protocol: 1, key: 0, expiring: 0, keys: 100, validFor: 10e6 },
    // A slot takes 250,000 gas, and a signature 21,000.
    ...{ policyGas: 250_000 + 21_000, validatorGas: 6 * 250_000 + 21_000 },
    shares: { virtualAddress: 0, keychain: 0, p256: 0, general: 0, sponsored: 0 },
    batches: { share: 0, window: 1e6, callsMax: 20, bytesPerCall: 100 },
    charges: { share: 0, challengeMs: { kind: 'constant', value: 50 } },
    sessions: {
      ...{ share: 0, depositUsd: 10, closeAfter: 60e6 },
      voucherMs: { kind: 'constant', value: 50 },
    },
    generalCall: { gas: 50_000, bytes: 251 },
  })
})

test('a network, where nothing is said of it', () => {
  expect(network.parse({})).toEqual({
    latency: { kind: 'measured', jitter: 'normal' },
    topology: { kind: 'random', outgoing: 8 },
    ...{ relayDelayMs: 0, fifo: false, lossProbability: 0 },
  })
  const session = { kind: 'constant', length: '1h' }
  expect(network.parse({ churn: { session, downtime: session } }).churn).toMatchObject({
    ...{ of: ['relay'], start: 'steady', session: { length: 3_600e6 } },
  })
})

test('EIP-1559: the fee moves by an eighth per block at most', () => {
  expect(baseFee.parse({ kind: 'eip1559', initial: 5, gasTarget: 7 })).toMatchObject({
    ...{ changeDenominator: 8, minimum: 0 },
  })
})

test('accounts, arrivals and patience, where little is said of them', () => {
  const found = workloadSchema.parse({
    ...{ for: '1m', amount: { kind: 'constant', usd: 1 }, patience: [{ for: '2s' }] },
    accounts: { count: 2, openingUsd: 1 },
    arrivals: [
      { kind: 'steps', steps: [{ at: '0s', ratePerSecond: 1 }] },
      { kind: 'shape', shape: 'tenx-ico', at: '0s' },
    ],
  })
  expect(found).toMatchObject({
    accounts: { payerExponent: 0, payeeExponent: 1.05 },
    arrivals: [{ process: 'poisson' }, { scale: 1 }],
    patience: [{ for: 2e6, weight: 1 }],
  })
})

test('a wallet, where little is said of it', () => {
  const { data } = scenarioOf(
    broken('bitcoin', ({ rails: { bitcoin } }) => {
      bitcoin.wallet = { strategy: 'bitcoin estimate', tip: bitcoin.wallet.tip }
      bitcoin.wallet.budgetUsd = { median: 2, sigma: 1 }
      bitcoin.wallet.bump = { after: '10m' }
    }),
  )
  expect(data.rails['bitcoin']).toMatchObject({
    wallet: { targetBlocks: 3, headroom: 2, bump: { after: 600e6, factor: 1.5, max: 10 } },
  })
})
