import type { ConsensusModel } from '@counterpoise/consensus'
import type { Simulation } from '@counterpoise/engine'
import {
  bitcoinPolicies,
  type Book,
  createBook,
  type Payments,
  usd,
} from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import {
  type BitcoinRules,
  type CardRailOptions,
  type ChainRailOptions,
  createCardRail,
  createChainRail,
  type Rail,
  relaySchedules,
  type ServiceCosts,
} from '@counterpoise/rails'
import { isMinerLevel, networkIn } from './minerLevel.ts'
import { behavioursOf } from './behavioursOf.ts'
import { builtInModels } from './models.ts'
import { withBandwidth } from './network/bandwidthOf.ts'
import { networkOf } from './network/networkOf.ts'
import { placeOf } from './placeOf.ts'
import { followersOf, intervalOf, validatorsOf } from './planned.ts'
import type { CardConfig, ChainConfig } from './schema/rails.ts'
import type { ScenarioData } from './schema/scenario.ts'
import { baseFeeOf, tempoOf } from './tempoOf.ts'

export type AssembleOptions = {
  simulation: Simulation
  payments: Payments
  data: ScenarioData
  /** Consensus models besides the built-in ones. */
  models?: readonly ConsensusModel[] | undefined
}

/** Builds one rail of a scenario, with accounts of its own. */
export function assembleRail(options: AssembleOptions, name: string, number: number): Rail {
  const { data } = options
  const { accounts } = data.workload
  const book = createBook({ accounts: accounts.count, opening: usd(accounts.openingUsd) })
  const config = data.rails[name]!
  const identity = { name, number, book }
  return config.kind === 'chain'
    ? createChainRail(options.simulation, chainOptionsOf(options, identity, config))
    : createCardRail(options.simulation, cardOptionsOf(options, identity, config))
}

type Identity = { name: string; number: number; book: Book }

/** A chain as its rail takes it. */
export function chainOptionsOf(
  options: AssembleOptions,
  identity: Identity,
  config: ChainConfig,
): ChainRailOptions {
  const { simulation, payments, models = [] } = options
  const { name } = identity
  const model = [...builtInModels, ...models].find((each) => each.name === config.consensus.kind)!
  const { access: accessNodes, relays: relayNodes } = followersOf(config)
  const planned = [...validatorsOf(config), ...accessNodes, ...relayNodes]
  const validators = planned.length - accessNodes.length - relayNodes.length
  const context = { simulation, name, validators, observers: accessNodes.length }
  const network = networkIn(config)
  const places = withBandwidth(planned, network, context)
  const firstRelay = places.length - relayNodes.length
  const firstAccess = firstRelay - accessNodes.length
  const { block, access } = config
  return {
    ...identity,
    payments,
    model,
    parameters: config.consensus.parameters,
    validators: places.slice(0, firstAccess),
    accessNodes: places.slice(firstAccess, firstRelay),
    relays: places.slice(firstRelay),
    network: model.createWhole === undefined ? networkOf(network, places, context) : none,
    behaviours: behavioursOf(config, {
      ...{ simulation, name, model },
      accounts: options.data.workload.accounts.count,
    }),
    service: serviceOf(config),
    rules: {
      ...block,
      // At miner level the delay of a block counts until it is checked.
      unitsPerSecond: isMinerLevel(config) ? 0 : block.unitsPerSecond,
      baseFee: baseFeeOf(config),
      mempoolUnits: config.mempool.unitsLimit,
      mempoolExpiry: config.mempool.expireAfter,
      minimumPrice: config.mempool.minimumPrice,
      bitcoin: bitcoinOf(config),
      tempo: tempoOf(config, options.data.workload.accounts.count),
      microUsdPerUnit: config.usdPerNativeUnit * 1_000_000,
    },
    wallet: config.wallet,
    access: {
      clientDelayMs: access.clientDelayMs,
      gossipDelayMs: access.gossipDelayMs,
      confirmations: access.confirmations,
      typicalInterval: intervalOf(config),
      typicalFinality: access.typicalFinality,
    },
    watts: config.watts,
  }
}

/** For models that bring what their members say by themselves. */
const none = { latency: constantLatency(0) }

/** Satoshi per kvB of a price per weight unit. */
const perKvb = (price: number): number => price * 4_000

function bitcoinOf({ mempool }: ChainConfig): BitcoinRules | undefined {
  const { rules, minimumPrice, incrementalPrice = minimumPrice, unitsLimit } = mempool
  if (rules === 'price') return undefined
  const { v31 } = bitcoinPolicies
  return {
    relay: mempool.fidelity === 'per-node' ? relaySchedules.v21 : undefined,
    policy: {
      ...v31,
      rules,
      relayRate: perKvb(minimumPrice),
      incrementalRate: perKvb(incrementalPrice),
      // The limit of a scenario is weight, whatever memory that takes.
      capacityBytes: unitsLimit,
      bytesPerTransaction: 0,
      bytesPerWeightUnit: 1,
      expiry: mempool.expireAfter ?? v31.expiry,
    },
  }
}

function serviceOf({ service }: ChainConfig): ServiceCosts | undefined {
  return (
    service && {
      vote: service.voteUs,
      certificate: service.certificateUs,
      payment: service.paymentUs,
      persistedByte: service.persistNsPerByte / 1_000,
    }
  )
}

/** A card network as its rail takes it. */
export function cardOptionsOf(
  options: Omit<AssembleOptions, 'simulation'>,
  identity: Identity,
  config: CardConfig,
): CardRailOptions {
  const { payments, data } = options
  const { standIn, merchantDiscount, interchange } = config
  const fee = (given: { basisPoints: number; fixedUsd: number }): {
    basisPoints: number
    fixed: number
  } => ({ basisPoints: given.basisPoints, fixed: usd(given.fixedUsd) })
  return {
    ...identity,
    payments,
    accounts: data.workload.accounts.count,
    startsAt: data.startsAt,
    dataCentres: config.dataCentres.map((centre) => ({
      ...placeOf(centre),
      capacity: centre.messagesPerSecond,
    })),
    acquirers: config.acquirers.map((acquirer) => ({
      ...placeOf(acquirer),
      share: acquirer.share,
      home: acquirer.home,
    })),
    issuers: config.issuers.map((issuer) => ({ ...placeOf(issuer), share: issuer.share })),
    watts: config.watts,
    parameters: {
      delaysMs: config.delaysMs,
      standIn: {
        timeOut: standIn.timeOut,
        switchOver: standIn.switchOver,
        floorLimit: usd(standIn.floorLimitUsd),
        approval: standIn.approval,
      },
      clientTimeOut: config.clientTimeOut,
      heartbeat: config.heartbeat,
      declineRate: config.declineRate,
      merchantDiscount: fee(merchantDiscount),
      interchange: fee(interchange),
      chargebackRate: config.chargebackRate,
      cutOff: config.cutOff,
      settlement: config.settlement,
    },
  }
}
