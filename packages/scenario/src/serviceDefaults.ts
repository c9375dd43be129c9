import type { ConsensusModel } from '@counterpoise/consensus'
import { nodeCounts } from './planned.ts'
import type { ServiceConfig } from './schema/service.ts'
import type { ChainConfig, RailConfig } from './schema/rails.ts'
import type { ScenarioData } from './schema/scenario.ts'

/** ECDSA, the signature of a payment, µs. Source: Dash, 2018, the cost of BLS beside it. */
const paymentUs = 60

/** Source: Amazon EBS, gp3 volumes: a baseline of 125 MiB/s, which is 7.6 ns per byte. */
const persistNsPerByte = 7.6

/** Gas per second. Source: Tempo benchmark, May 2026: execution by the builder. */
const unitsPerSecond = 1_250_000_000

/** Both ways, Mbit/s. Source: docs.tempo.xyz, system requirements of a validator. */
const mbps = 1_000

/** A chain as the schema leaves it: what work takes may be left out, in part or at all. */
type Parsed = {
  service?: Partial<ServiceConfig> | undefined
  block: { unitsPerSecond?: number | undefined }
}

/**
 * Fills in what work takes the nodes of chains whose members vote: sourced values where the
 * scenario says nothing. On other chains what is left out takes no time.
 */
export function withService(data: ScenarioData, models: readonly ConsensusModel[]): ScenarioData {
  const filled = (rail: RailConfig): RailConfig =>
    rail.kind === 'chain' ? withDefaults(rail, models) : rail
  const rails = Object.entries(data.rails).map(([name, rail]) => [name, filled(rail)])
  return { ...data, rails: Object.fromEntries(rails) }
}

function withDefaults(rail: ChainConfig, models: readonly ConsensusModel[]): ChainConfig {
  const model = models.find(({ name }) => name === rail.consensus.kind)
  const { block, service }: Parsed = rail
  if (model?.serviceTimes === undefined) {
    return {
      ...rail,
      ...(service && { service: complete(service, nothing) }),
      block: { ...rail.block, unitsPerSecond: block.unitsPerSecond ?? 0 },
    }
  }
  const signed = model.serviceTimes(nodeCounts(rail).validators)
  // By the rules of Tempo signers are known from the pool, and writing is the builder's affair.
  const blockwise =
    rail.execution === undefined
      ? { payment: paymentUs, byte: persistNsPerByte }
      : { payment: 0, byte: 0 }
  const { bandwidth = { mode: 'queue', upMbps: mbps, downMbps: mbps } } = rail.network
  return {
    ...rail,
    service: complete(service ?? {}, { ...signed, ...blockwise }),
    block: { ...rail.block, unitsPerSecond: block.unitsPerSecond ?? unitsPerSecond },
    network: { ...rail.network, bandwidth },
  }
}

type Costs = { vote: number; certificate: number; payment: number; byte: number }

const nothing: Costs = { vote: 0, certificate: 0, payment: 0, byte: 0 }

const complete = (said: Partial<ServiceConfig>, costs: Costs): ServiceConfig => ({
  voteUs: said.voteUs ?? costs.vote,
  certificateUs: said.certificateUs ?? costs.certificate,
  paymentUs: said.paymentUs ?? costs.payment,
  persistNsPerByte: said.persistNsPerByte ?? costs.byte,
})
