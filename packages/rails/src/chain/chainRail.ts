import { BaseError, type Simulation, type Time } from '@counterpoise/engine'
import {
  type BlockId,
  type BlockStore,
  createBlockStore,
  type MicroUsd,
  noBaseFee,
  type PaymentId,
} from '@counterpoise/ledger'
import {
  type Conflict,
  createCluster,
  type Executor,
  monitorAgreement,
  type RunningChain,
} from '@counterpoise/consensus'
import type { NodeId } from '@counterpoise/network'
import type { Rail, Site } from '../contract.ts'
import { holdsPaymentOf, omissionOf, plannedAttacksOf } from './attacks.ts'
import { baseFeeRecordsOf } from './baseFeeRecords.ts'
import { watchBlocks } from './blockRecords.ts'
import { committeeRecordsOf } from './committeeRecords.ts'
import { createEntry } from './entry.ts'
import { createEscrow } from './escrow.ts'
import { createInclusion } from './inclusion.ts'
import { createLives, type PaymentLives } from './lives.ts'
import { createMarket, type Market } from './market.ts'
import { type ChainRailOptions, unitsPerBlock } from './options.ts'
import { createQuotes, stallFactor } from './quotes.ts'
import { recordPool } from './poolRecords.ts'
import { createReplacements } from './replacements.ts'
import { createWallet, type MarketView } from './wallet.ts'

export type { ChainAccess, ChainRailOptions, ChainRules } from './options.ts'

/** A rail over a chain: consensus, execution rules, and the nodes by which payers see it. */
export function createChainRail(simulation: Simulation, options: ChainRailOptions): Rail {
  check(options)
  const { name, payments, book, rules, access, validators, accessNodes } = options
  const firstAccess = validators.length
  const firstRelay = firstAccess + accessNodes.length
  const accessOf = (payment: PaymentId): number =>
    firstAccess + (payments.from(payment) % accessNodes.length)

  const escrow = createEscrow(payments, book)
  const lives = createLives(simulation, { number: options.number, payments, escrow })
  const { cluster, market, attacks } = createChain(simulation, options, lives, accessOf)
  const agreement = monitorAgreement(cluster, options.behaviours)

  const feeIn = (payment: PaymentId, block: BlockId): MicroUsd => {
    const fee =
      market.fee?.(payment, block) ??
      Math.ceil(market.price(payment, block) * rules.unitsPerPayment * rules.microUsdPerUnit)
    return Math.min(escrow.feeCap(payment), fee)
  }
  const { rewards } = options.model
  const watch = watchBlocks({
    cluster,
    forks: options.model.finality !== 'deterministic',
    attacks,
    feesOf: (block) =>
      cluster.blocks
        .payments(block)
        .reduce((sum, payment) => (lives.isHere(payment) ? sum + payments.fee(payment) : sum), 0),
    rewardsOf:
      rewards &&
      ((head) => rewards(options.parameters, cluster.blocks, head, cluster.members.length)),
  })
  const inclusion = createInclusion({
    cluster,
    payments,
    firstAccess,
    firstRelay,
    accessOf,
    isHere: lives.isHere,
    confirmations: options.model.finality === 'probabilistic' ? access.confirmations : undefined,
    include: (payment, block) => {
      if (!market.isRefused?.(payment, block)) lives.include(payment, feeIn(payment, block))
    },
    refuse: (payment, block) => lives.refuse(payment, 'refused by policy', feeIn(payment, block)),
    uninclude: (payment) => {
      lives.uninclude(payment)
      entry.review(payment)
    },
    finalise: lives.finalise,
    finaliseBlock: market.finalise,
    now: simulation.now,
  })

  const { transferUnits } = rules
  const unitsLimit = unitsPerBlock(rules)
  const wallet = createWallet(options.wallet, { ...rules, market, unitsLimit })
  const payer = {
    ...{ payments, market, rules, access, wallet },
    isReachable: (payment: PaymentId) => cluster.network.isUp(accessOf(payment)),
    view: (payment: PaymentId): MarketView => {
      const node = accessOf(payment)
      return { node, nextBaseFee: market.nextBaseFee(cluster.head(node)) }
    },
  }
  const { bump, doubleSpend } = options.wallet
  const replacements = createReplacements(simulation, {
    ...{ ...payer, name, lives, escrow, bump, doubleSpend },
    nodeOf: accessOf,
  })
  const entry = createEntry(simulation, { ...payer, name, lives, escrow, replacements })

  const pool = recordPool(simulation, {
    ...{ cluster, market, node: firstAccess, blockUnits: unitsLimit },
  })
  const isStalled = (progress: Time, since: Time): boolean =>
    simulation.now() - Math.max(progress, since) >= stallFactor * access.typicalInterval

  return {
    name,
    quote: createQuotes(simulation, {
      ...payer,
      walletOptions: options.wallet,
      lastProgress: (payment) => inclusion.lastProgress(accessOf(payment)),
    }),
    submit: entry.submit,
    observe: lives.observe,
    inFlight: () => lives.waiting() + lives.included(),
    unfinished: market.unfinished,
    waiting: lives.waiting,
    sites: sitesOf(cluster, firstAccess, firstRelay),
    links: linksOf(cluster, market),
    parts: [],
    powers: validators.map(({ attributes, weight }) => ({ attributes, power: weight })),
    watts: options.watts,
    isStalled: (since) => isStalled(inclusion.lastProgressOfAny(), since),
    blocks: watch.records,
    onBlock: watch.onBlock,
    pool,
    stake: cluster.stake,
    committees: () =>
      committeeRecordsOf(cluster, options.model, options.parameters, validators.length),
    baseFees:
      rules.baseFee === noBaseFee ? undefined : () => baseFeeRecordsOf(cluster, market.baseFee),
    justifiedAt: options.model.finality === 'economic' ? inclusion.justifiedAt : undefined,
    transfers: transferUnits && { unitsPerPayment: rules.unitsPerPayment, units: transferUnits },
    execution: market.records,
    conserved: () => book.discrepancy() === 0,
    violations: () => [...agreement.conflicts().map(wordsFor), ...inclusion.violations()],
    rest: () => {
      entry.clear()
      cluster.rest()
    },
  }
}

/** The links between nodes, with all that travels over them. */
function linksOf({ network }: RunningChain, { addLinkFault }: Market): Rail['links'] {
  if (addLinkFault === undefined) return network
  return {
    addLinkFault: (fault) => {
      const ends = [network.addLinkFault(fault), addLinkFault(fault)]
      return () => {
        for (const end of ends) end()
      }
    },
  }
}

/** The nodes, by the parts they play, as things that may break. */
function sitesOf(cluster: RunningChain, firstAccess: NodeId, firstRelay: NodeId): Site[] {
  return cluster.members.map((member, node) => ({
    name: member.name,
    role: node < firstAccess ? 'validator' : node < firstRelay ? 'access' : 'relay',
    attributes: member.attributes,
    coordinates: member.coordinates,
    takeDown: () => cluster.network.takeDown(node),
    bringUp: () => cluster.network.bringUp(node),
  }))
}

const wordsFor = ({ block, conflictsWith }: Conflict): string =>
  `final blocks ${block} and ${conflictsWith} conflict`

/** Joins the consensus with a pool and the rules by which blocks are filled from it. */
function createChain(
  simulation: Simulation,
  options: ChainRailOptions,
  lives: PaymentLives,
  accessOf: (payment: PaymentId) => NodeId,
) {
  const { name, payments, validators, accessNodes, relays = [] } = options
  const followers = [...accessNodes, ...relays].map((node) => ({ ...node, weight: 0 }))
  const blocks = createBlockStore()
  const market = createMarket(simulation, { chain: options, blocks, lives, accessOf })
  const executor: Executor = {
    // Member by member: spreading them takes longer than all else about an empty block.
    build: (parent, { round, work, bytes, data, omits, listedUntil, settledAt }, proposer, time) =>
      market.build(parent, {
        proposer,
        time,
        round,
        work,
        bytes,
        data,
        omits: omissionOf({ omits, listedUntil, settledAt }, payments),
      }),
    validate: (block, node) =>
      executionTime(options, blocks, block, market.checkCost?.(block, node)),
    registered: market.registered,
  }
  const { model, parameters, service } = options
  const members = [...validators, ...followers]
  const shared = { name, parameters, members, executor, blocks }
  const followed = accessNodes.map((_, k) => validators.length + k)
  const attacks = plannedAttacksOf(simulation, options, blocks)
  const { observer } = attacks ?? {}
  // Attacks that the model's parameters name, and members that the scenario says lie.
  const behaviours = new Map([...(attacks?.behaviours ?? []), ...(options.behaviours ?? [])])
  const cluster: RunningChain =
    model.createWhole?.(simulation, {
      ...{ ...shared, followed },
      holdsPaymentOf: holdsPaymentOf(blocks, payments),
    }) ??
    createCluster(simulation, { ...shared, model, ...options.network, service, behaviours })
  market.join(cluster)
  if (observer !== undefined) cluster.observe(observer)
  return { cluster, market, attacks }
}

const unitsTime = ({ unitsPerSecond }: ChainRailOptions['rules'], units: number): number =>
  unitsPerSecond === 0 ? 0 : (units / unitsPerSecond) * 1_000_000

/** What a node takes to check a block and to write it down, µs. */
function executionTime(
  { rules, service }: Pick<ChainRailOptions, 'rules' | 'service'>,
  blocks: BlockStore,
  block: BlockId,
  execution = unitsTime(rules, blocks.gas(block)),
): Time {
  if (service === undefined) return Math.round(execution)
  const signatures = blocks.paymentCount(block) * service.payment
  return Math.round(execution + signatures + blocks.bytes(block) * service.persistedByte)
}

function check({ name, accessNodes, access, model }: ChainRailOptions): void {
  if (accessNodes.length === 0) {
    throw new BaseError(`Payers cannot reach the chain '${name}': it has no access nodes.`)
  }
  const { confirmations } = access
  if (model.finality === 'probabilistic' && !(confirmations >= 1)) {
    throw new BaseError(`The chain '${name}' needs at least one confirmation.`, {
      metaMessages: [`Found: ${confirmations}`],
    })
  }
}
