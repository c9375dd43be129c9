import { EnergyError } from './errors.ts'
import type { Sourced } from './sourced.ts'

/** Hours of a year of 365 days, as the annual figures count them. */
const hoursPerYear = 8_760

/** A fleet of miners. */
export type ProofOfWorkFleet = {
  /** Hashes per second of the whole fleet. */
  hashRateHashesPerSecond: number
  /** Joules per 10¹² hashes, as a mean over the fleet. */
  joulesPerTerahash: number
  /** Power usage effectiveness: all power of the site over that of the machines; 1 unless given. */
  pue?: number | undefined
}

/** A set of like nodes. */
export type NodeFleet = {
  nodes: number
  /** Electrical power of one node, W. */
  wattsPerNode: number
  /** Power usage effectiveness: all power of the site over that of the machines; 1 unless given. */
  pue?: number | undefined
}

/** The electrical power of a fleet of miners, W: hash rate × energy per hash × PUE. */
export function proofOfWorkWatts(fleet: ProofOfWorkFleet): number {
  const { hashRateHashesPerSecond, joulesPerTerahash, pue = 1 } = fleet
  const terahashesPerSecond = atLeast(0, 'hash rate', hashRateHashesPerSecond) / 1e12
  const joules = atLeast(0, 'energy per terahash', joulesPerTerahash)
  return terahashesPerSecond * joules * atLeast(1, 'PUE', pue)
}

/** The electrical power of a set of nodes, W: nodes × power of one × PUE. */
export function nodesWatts(fleet: NodeFleet): number {
  const { nodes, wattsPerNode, pue = 1 } = fleet
  const watts = atLeast(0, 'power per node', wattsPerNode)
  return atLeast(0, 'number of nodes', nodes) * watts * atLeast(1, 'PUE', pue)
}

/**
 * Energy per payment, Wh, at the load there was: the power of the whole system over a span,
 * divided by the payments made in it. Infinite without payments. It falls with the load because
 * the power hardly depends on it, so a report gives the watts beside it.
 */
export function wattHoursPerPayment(watts: number, seconds: number, payments: number): number {
  const joules = atLeast(0, 'power', watts) * atLeast(0, 'span of seconds', seconds)
  const count = atLeast(0, 'number of payments', payments)
  return count === 0 ? Number.POSITIVE_INFINITY : joules / 3_600 / count
}

/** Mean power, W, of a system that uses so many watt-hours in a year of 8,760 h. */
export const wattsOfAnnualWattHours = (wattHours: number): number =>
  atLeast(0, 'annual energy', wattHours) / hoursPerYear

/** Mean power, W, of a system that uses so many joules in a year of 8,760 h. */
export const wattsOfAnnualJoules = (joules: number): number =>
  atLeast(0, 'annual energy', joules) / (hoursPerYear * 3_600)

/** Published annual energies and assumed power of machines. */
export const energyFigures = {
  /** Bitcoin's whole fleet in 2024. */
  bitcoin: {
    value: 138e12,
    unit: 'Wh/year',
    source: 'Cambridge Digital Mining Industry Report 2025: 138 TWh in 2024',
  },
  /** Energy per work of Bitcoin's fleet in 2024. */
  bitcoinFleet: {
    value: 28.2,
    unit: 'J/TH',
    source: 'Cambridge Digital Mining Industry Report 2025',
  },
  /** Ethereum before September 2022. */
  ethereumProofOfWork: {
    value: 23e12,
    unit: 'Wh/year',
    source: 'CCRI, The Merge, 2022: about 23 TWh',
  },
  /** Ethereum after September 2022. */
  ethereumProofOfStake: {
    value: 2_601e6,
    unit: 'Wh/year',
    source: 'CCRI, The Merge, 2022: 2,601 MWh',
  },
  /** Ethereum at the end of 2023, with 14,072 nodes. */
  ethereumProofOfStake2023: {
    value: 7.5e9,
    unit: 'Wh/year',
    source: 'Cambridge Centre for Alternative Finance, December 2023: 7.5 GWh',
  },
  /** The whole company, without its banks and terminals. */
  visa: {
    value: 674_922e9,
    unit: 'J/year',
    source: 'Visa Inc., fiscal year 2017: 674,922 GJ, as quoted by Digiconomist',
  },
  /** The payments over which Visa's energy is spread. */
  visaPayments: {
    value: 111.2e9,
    unit: 'payments/year',
    source: 'Visa Inc., fiscal year 2017: 111.2 bn transactions, as quoted by Digiconomist',
  },
  /** One node of a BFT committee: a server. */
  bftNode: {
    value: 500,
    unit: 'W',
    source: 'A dual-socket server under load',
    assumed: true,
  },
  /** Power usage effectiveness of the room it stands in. */
  bftPue: {
    value: 1.5,
    unit: 'W/W',
    source: 'A data centre of average efficiency',
    assumed: true,
  },
} as const satisfies Record<string, Sourced>

function atLeast(least: number, what: string, value: number): number {
  if (!(value >= least) || !Number.isFinite(value)) {
    throw new EnergyError(`a finite ${what} of at least ${least}`, value)
  }
  return value
}
