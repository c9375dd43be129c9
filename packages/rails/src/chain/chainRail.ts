import { createSampler, type Distribution, ms, type Simulation, type Time } from '@counterpoise/engine'
import {
  type BaseFeeRule,
  type Book,
  createBlockStore,
  createChainState,
  createMempool,
  type MicroUsd,
  type PaymentId,
  type Payments,
} from '@counterpoise/ledger'
import {
  type ClusterOptions,
  type ConsensusModel,
  createCluster,
  type Executor,
  type Member,
  monitorAgreement,
} from '@counterpoise/consensus'
import type { Quote, Rail, RailObserver } from '../contract.ts'
import { blockRecords } from './blockRecords.ts'
import { createEscrow } from './escrow.ts'
import { createExpiry } from './expiry.ts'
import { createInclusion } from './inclusion.ts'
import { createWallet, type WalletOptions } from './wallet.ts'

/** What a chain's blocks hold and what a place in them costs. */
export type ChainRules = {
  baseFee: BaseFeeRule
  /** Gas or weight units of a block, and of a payment in it. */
  unitsLimit: number
  unitsPerPayment: number
  bytesLimit: number
  bytesPerPayment: number
  /** What the pool holds and the least price per unit that it takes. */
  mempoolUnits: number
  minimumPrice: number
  /** Millionths of a dollar per native unit of price times gas or weight. */
  microUsdPerUnit: number
  /** Units that a node executes per second when it checks a block; 0 takes no time. */
  unitsPerSecond: number
}

/** How payers reach the chain and when they take a payment for done. */
export type ChainAccess = {
  /** From the payer to its access node, one way, ms. */
  clientDelayMs: Distribution
  /** From the access node to the pool of the next producer, ms. */
  gossipDelayMs: Distribution
  /** For chains of probabilistic finality: the blocks, its own included, that make it final. */
  confirmations: number
  /** Mean time between blocks, for quotes. */
  typicalInterval: Time
  /** Mean time from inclusion to finality, for quotes. */
  typicalFinality: Time
}

export type ChainRailOptions = {
  name: string
  /** The rail's number in the payments' columns. */
  number: number
  payments: Payments
  book: Book
  model: ConsensusModel
  parameters: unknown
  /** Who makes blocks. */
  validators: readonly Member[]
  /** Nodes by which payers reach the chain; a payer always uses the same one. */
  accessNodes: readonly Member[]
  network: Pick<ClusterOptions<unknown, unknown>, 'latency' | 'topology' | 'relayDelay' | 'fifo'>
  rules: ChainRules
  wallet: WalletOptions
  access: ChainAccess
  watts: number
}

/** A rail over a chain: any consensus model, execution rules, and the nodes by which payers see it. */
export function createChainRail(simulation: Simulation, options: ChainRailOptions): Rail {
  const { name, number, payments, book, rules, access, validators, accessNodes } = options
  const blocks = createBlockStore()
  const observers: RailObserver[] = []
  const escrow = createEscrow(payments, book)
  const firstAccess = validators.length
  const accessOf = (payment: PaymentId): number =>
    firstAccess + (payments.from(payment) % accessNodes.length)

  const fail = (payment: PaymentId, reason: Parameters<Payments['fail']>[2]): void => {
    escrow.release(payment)
    payments.fail(payment, simulation.now(), reason)
    observers.forEach((observer) => observer.ended?.(payment, reason))
  }
  const mempool = createMempool({
    capacityUnits: rules.mempoolUnits,
    minimumPrice: rules.minimumPrice,
    onEvicted: (payment) => {
      if (isHere(payment) && payments.state(payment) === 'submitted') {
        counts.waiting--
        fail(payment, 'evicted')
      }
    },
  })
  const state = createChainState({ ...rules, baseFeeRule: rules.baseFee, blocks, mempool })
  const executor: Executor = {
    build: (parent, header, proposer, time) => state.build(parent, { ...header, proposer, time }),
    validate: (block) =>
      rules.unitsPerSecond === 0
        ? 0
        : Math.round((blocks.gas(block) / rules.unitsPerSecond) * 1_000_000),
  }
  const cluster = createCluster(simulation, {
    name,
    model: options.model,
    parameters: options.parameters,
    members: [...validators, ...accessNodes.map((node) => ({ ...node, weight: 0 }))],
    ...options.network,
    executor,
    blocks,
  })
  const agreement = monitorAgreement(cluster)

  const isHere = (payment: PaymentId): boolean => payments.rail(payment) === number
  const feeIn = (payment: PaymentId, block: number): MicroUsd =>
    Math.min(
      escrow.feeCap(payment),
      Math.ceil(
        mempool.price(payment, state.baseFee(block)) *
          rules.unitsPerPayment *
          rules.microUsdPerUnit,
      ),
    )
  const counts = { waiting: 0, included: 0 }
  const inclusion = createInclusion({
    cluster,
    payments,
    firstAccess,
    accessOf,
    isHere,
    confirmations: options.model.finality === 'probabilistic' ? access.confirmations : undefined,
    include: (payment, block) => {
      counts.waiting--
      counts.included++
      payments.include(payment, simulation.now(), feeIn(payment, block))
      observers.forEach((observer) => observer.included?.(payment))
    },
    uninclude: (payment) => {
      counts.waiting++
      counts.included--
      payments.uninclude(payment)
    },
    finalise: (payment) => {
      counts.included--
      escrow.settle(payment)
      payments.finalise(payment, simulation.now())
      observers.forEach((observer) => observer.finalised?.(payment))
    },
    now: simulation.now,
  })

  const wallet = createWallet(options.wallet, {
    ...rules,
    mempool,
    nextBaseFee: () => state.nextBaseFee(cluster.head(firstAccess)),
  })
  const streams = {
    tips: simulation.stream(`${name}/tips`),
    budgets: simulation.stream(`${name}/budgets`),
    delays: simulation.stream(`${name}/access`),
  }
  const clientDelay = createSampler(access.clientDelayMs)
  const gossipDelay = createSampler(access.gossipDelayMs)

  const expiry = createExpiry(simulation, name, (payment) => {
    const gone = isHere(payment) && payments.state(payment) === 'submitted'
    if (!gone || (!mempool.remove(payment) && !onItsWay.has(payment))) return
    onItsWay.delete(payment)
    counts.waiting--
    escrow.release(payment)
    payments.expire(payment, simulation.now())
    observers.forEach((observer) => observer.ended?.(payment, 'timed out'))
  })
  const onItsWay = new Map<PaymentId, { cap: number; tip: number }>()

  const arriveKind = simulation.define(`${name}/arrive`, (payment) => {
    const bid = onItsWay.get(payment)
    if (bid === undefined) return
    onItsWay.delete(payment)
    const admission = mempool.offer(payment, bid, rules.unitsPerPayment)
    if (admission === 'added') return
    counts.waiting--
    fail(payment, admission)
  })

  const submit = (payment: PaymentId): void => {
    const now = simulation.now()
    payments.submit(payment, number, now)
    const bid = wallet.bid(streams.tips, streams.budgets)
    const delay = Math.max(0, ms(clientDelay(streams.delays) + gossipDelay(streams.delays)))
    escrow.open(payment)
    if (!cluster.network.isUp(accessOf(payment))) return fail(payment, 'no access')
    const feeCap = Math.ceil(bid.cap * rules.unitsPerPayment * rules.microUsdPerUnit)
    if (!escrow.hold(payment, feeCap)) return fail(payment, 'insufficient funds')
    counts.waiting++
    onItsWay.set(payment, bid)
    simulation.after(delay, arriveKind, payment)
    expiry.remind(payment, payments.intendedAt(payment) + payments.patience(payment))
  }

  const quote = (payment: PaymentId): Quote => {
    const sinceBlock = simulation.now() - inclusion.lastProgress(accessOf(payment))
    const blocksToWait =
      options.wallet.strategy === 'mempool depth'
        ? options.wallet.targetBlocks
        : 1 + Math.floor(mempool.totalUnits() / rules.unitsLimit)
    return {
      available:
        cluster.network.isUp(accessOf(payment)) &&
        sinceBlock < stallFactor * access.typicalInterval &&
        mempool.totalUnits() + rules.unitsPerPayment <= rules.mempoolUnits,
      fee: Math.ceil(wallet.typicalPrice() * rules.unitsPerPayment * rules.microUsdPerUnit),
      timeToInclusion: blocksToWait * access.typicalInterval,
      timeToFinality: blocksToWait * access.typicalInterval + access.typicalFinality,
      risk: 0,
    }
  }

  return {
    name,
    quote,
    submit,
    observe: (observer) => {
      observers.push(observer)
    },
    inFlight: () => counts.waiting + counts.included,
    waiting: () => counts.waiting,
    sites: cluster.members.map((member, node) => ({
      name: member.name,
      role: node < firstAccess ? 'validator' : 'access',
      attributes: member.attributes,
      takeDown: () => cluster.network.takeDown(node),
      bringUp: () => cluster.network.bringUp(node),
    })),
    parts: [],
    powers: validators.map(({ attributes, weight }) => ({ attributes, power: weight })),
    watts: options.watts,
    blocks: () => blockRecords(cluster),
    conserved: () => book.discrepancy() === 0,
    violations: () => [
      ...agreement.conflicts().map(
        ({ block, conflictsWith }) => `final blocks ${block} and ${conflictsWith} conflict`,
      ),
      ...inclusion.violations(),
    ],
    rest: () => {
      expiry.clear()
      cluster.rest()
    },
  }
}

/** A chain that has not moved for as many typical intervals counts as stalled. */
const stallFactor = 20
