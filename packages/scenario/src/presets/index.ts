import type { ScenarioInput } from '../input.ts'
import { bitcoinRail } from './bitcoin.ts'
import { ethereumRail } from './ethereum.ts'
import { libraRail } from './libra.ts'
import { assumed, sourced } from './notes.ts'
import { tempoRail } from './tempo.ts'
import { visaRail } from './visa.ts'
import { workPresets } from './work.ts'

const startsAt = '2026-11-17T14:00:00Z'

const accounts = {
  count: assumed(10_000, 'accounts', 'enough that nobody dominates the payers'),
  openingUsd: assumed(800_000, 'USD', 'nobody runs out of funds: 8 billion in all'),
  payerExponent: assumed(0.5, 'Zipf exponent', 'payers are nearly alike; no source'),
  payeeExponent: assumed(1.05, 'Zipf exponent', 'a few merchants are paid by many; no source'),
}

const amount = {
  kind: 'lognormal',
  meanUsd: sourced(63.7, 'USD', 'Federal Reserve Payments Study 2022: general-purpose cards'),
  sigma: assumed(1.2, 'of ln USD', 'spread of the amounts; no source'),
} as const

const patience = assumed([{ for: '2h' }], '', 'how long payers wait for a payment to go through')

/** One rail under a steady load and nothing else. */
const alone = (
  name: string,
  description: string,
  rail: object,
  load: { for: string; ratePerSecond: number; drain: string },
): ScenarioInput => ({
  name,
  description,
  startsAt,
  rails: { [name]: rail },
  workload: {
    for: load.for,
    arrivals: [{ kind: 'poisson', ratePerSecond: load.ratePerSecond }],
    amount,
    accounts,
    patience,
  },
  faults: [],
  drain: load.drain,
})

const hybrid: ScenarioInput = {
  name: 'hybrid',
  description:
    'The same payments over Bitcoin, Ethereum, Tempo and Visa alone, then over all of them ' +
    'behind a router: a steady load, a burst, and one cloud region out for a while',
  startsAt,
  offer: 'each and routed',
  router: { name: 'hybrid', deadlineFor: 'inclusion' },
  rails: { bitcoin: bitcoinRail, ethereum: ethereumRail, tempo: tempoRail, visa: visaRail },
  workload: {
    for: '4h',
    arrivals: [
      {
        kind: 'poisson',
        ratePerSecond: assumed(5, 'payments/s', 'within what every rail carries'),
      },
      sourced(
        { kind: 'shape', shape: 'tenx-ico', at: '2h30m', scale: 0.25 },
        '',
        'Diablo benchmark (Apache-2.0): purchases of the TenX token sale, 2017-06-24, a quarter ' +
          'of their rate: 875/s at the peak, eight times what Ethereum carries',
      ),
    ],
    amount,
    accounts,
    patience,
  },
  faults: [
    {
      what: 'outage',
      label: 'us-east-1 down',
      at: '1h15m',
      for: '45m',
      where: { region: 'us-east-1' },
    },
  ],
  drain: '30h',
}

/** The scenarios that come with the simulator, by name. */
export const presets = {
  bitcoin: alone('bitcoin', 'Bitcoin at a steady 5 payments/s for a day', bitcoinRail, {
    for: '24h',
    ratePerSecond: 5,
    drain: '6h',
  }),
  ethereum: alone('ethereum', 'Ethereum at a steady 30 payments/s for two hours', ethereumRail, {
    for: '2h',
    ratePerSecond: 30,
    drain: '1h',
  }),
  tempo: alone('tempo', 'Tempo at a steady 500 payments/s for ten minutes', tempoRail, {
    for: '10m',
    ratePerSecond: 500,
    drain: '1m',
  }),
  libra: alone('libra', 'Libra at its published 1,000 payments/s for two minutes', libraRail, {
    for: '2m',
    ratePerSecond: 1_000,
    drain: '1m',
  }),
  visa: alone('visa', 'Visa at a steady 500 payments/s for ten minutes', visaRail, {
    for: '10m',
    ratePerSecond: 500,
    drain: '30h',
  }),
  hybrid,
  ...workPresets,
} satisfies Record<string, ScenarioInput>
