import type { ScenarioInput } from '../input.ts'
import { bitcoinRail } from './bitcoin.ts'
import { assumed, sourced } from './notes.ts'

/** Sources that are cited more than once. */
export const gervais =
  'Gervais et al., On the Security and Performance of Proof of Work Blockchains, 2016'
export const simBlock = 'SimBlock at 5fc7f9f, SimulationConfiguration.java'

type Region =
  | 'north-america'
  | 'europe'
  | 'south-america'
  | 'asia-pacific'
  | 'japan'
  | 'australia'

/** Miners with their shares of the hash rate, and where they stand. */
export const minersOf = (shares: readonly (readonly [string, number, Region])[]): object[] =>
  shares.map(([operator, weight, region], k) => ({
    ...{ name: `miner-${k + 1}`, weight, region, operator },
  }))

export const ap = 'asia-pacific'
export const na = 'north-america'

/** The sixteen miners of 2016. */
export const miners2016 = sourced(
  minersOf([
    ...([
      [0.289, ap], [0.196, ap], [0.159, ap], [0.133, na], [0.066, ap], [0.054, na],
      [0.029, 'europe'], [0.016, 'europe'], [0.012, na], [0.012, na], [0.012, na],
      [0.009, 'europe'], [0.005, na], [0.005, na], [0.002, na], [0.002, na],
    ] as const).map(([weight, region], k) => [`pool ${k + 1}`, weight, region] as const),
  ]),
  'share of hash rate',
  `${gervais}: distribution of the hash rate and regions of the miners`,
)

export const miners2025 = sourced(
  minersOf([
    ['AntPool and proxies', 0.3, ap],
    ['Foundry', 0.29, na],
    ['ViaBTC', 0.12, ap],
    ['F2Pool', 0.11, ap],
    ['SpiderPool', 0.08, ap],
    ['MARA', 0.05, na],
    ['SECPOOL', 0.03, ap],
    ['small pool 1', 0.01, 'europe'],
    ['small pool 2', 0.01, na],
  ]),
  'share of hash rate',
  'mainnet.observer, November 2025, proxies merged; regions of the pools are assumed',
)

export const wellConnected = {
  links: sourced([700, 800], 'connections', `${gervais}: connections of a miner`),
  upMbps: sourced(100, 'Mbit/s', `${gervais}: bandwidth of a miner`),
  downMbps: sourced(100, 'Mbit/s', `${gervais}: bandwidth of a miner`),
}

/** What looks at the chain should not be one of its slowest nodes. */
export const vantagePoint = {
  links: sourced([125, 125], 'connections', 'Bitcoin Core: DEFAULT_MAX_PEER_CONNECTIONS'),
  upMbps: assumed(100, 'Mbit/s', 'a server, as miners have them; not of the sample of nodes'),
  downMbps: assumed(100, 'Mbit/s', 'a server, as miners have them; not of the sample of nodes'),
}

/** One chain of proof of work and nothing else: blocks without payments, filled by others. */
export const chainAlone = (
  name: string,
  rail: string,
  description: string,
  blocks: number,
  config: Record<string, unknown>,
): ScenarioInput => ({
  name,
  description,
  startsAt: '2026-11-17T14:00:00Z',
  rails: {
    [rail]: {
      ...bitcoinRail,
      description: 'Proof of work on a network at message level; its blocks carry no payments',
      access: {
        ...bitcoinRail.access,
        nodes: assumed(
          [{ name: 'observer', region: 'europe', operator: 'observer' }],
          '',
          'a node to look at the chain from',
        ),
      },
      ...config,
    },
  },
  workload: {
    for: '1h',
    arrivals: [],
    amount: { kind: 'constant', usd: assumed(1, 'USD', 'nobody pays') },
    accounts: {
      count: assumed(2, 'accounts', 'nobody pays'),
      openingUsd: assumed(1, 'USD', 'nobody pays'),
    },
    patience: assumed([{ for: '1h' }], '', 'nobody pays'),
  },
  faults: [],
  blocks,
})

export const nodesOf = (nodes: object): object => ({ nodes })
export const six = (year: string): object => ({ kind: 'sixRegions', year })

export const measuredTails = {
  upMbps: { kind: 'measured2016' },
  downMbps: { kind: 'measured2016' },
}
export const yearly = (year: string): object => ({
  upMbps: { kind: 'regions', year },
  downMbps: { kind: 'regions', year },
})

export const target = sourced(600_000, 'ms', 'Bitcoin Core: nPowTargetSpacing')
export const check2015 = sourced(380, 'ms per 10⁶ bytes', `${gervais}: 0.174 s for 458,263 bytes`)
