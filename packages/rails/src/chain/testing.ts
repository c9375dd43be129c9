import {
  type ConsensusModel,
  defineConsensus,
  type Member,
  type ReplicaContext,
} from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Simulation, type Time } from '@counterpoise/engine'
import {
  type BlockId,
  type Book,
  createBook,
  createPayments,
  type FailureReason,
  type MicroUsd,
  noBaseFee,
  type PaymentId,
  type Payments,
  usd,
} from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import type { Rail } from '../contract.ts'
import { createChainRail } from './chainRail.ts'
import type { ChainAccess, ChainRailOptions, ChainRules } from './options.ts'

/** The models below have nothing to check, and nobody reads them from a file. */
const noParameters = {} as ConsensusModel['parameters']

/** Member 0 makes a block per interval; who hears of it holds it for final at once. */
export function instantFinality(interval: Time): ConsensusModel<unknown, BlockId> {
  return defineConsensus({
    name: 'test/instant',
    parameters: noParameters,
    finality: 'deterministic',
    dissemination: 'direct',
    faultLimit: () => 0,
    createReplica: (_parameters, context) => {
      let head = 0
      const adopt = (block: BlockId): void => {
        if (context.blocks.height(block) <= context.blocks.height(head)) return
        head = block
        context.report.headChanged(block)
        context.report.finalised(block)
      }
      return {
        start: () => {
          if (context.self === 0) context.setTimer(0, interval)
        },
        expire: () => {
          const block = context.build(head, { round: context.blocks.height(head) + 1 })
          context.broadcast(block, 1_000)
          adopt(block)
          context.setTimer(0, interval)
        },
        receive: (_from, block) => adopt(block),
        recover: () => {},
      }
    },
  })
}

/** A model whose replicas do nothing on their own: the test says who builds and who sees what. */
export type Script = {
  model: ConsensusModel
  build: (node: number, parent: BlockId) => BlockId
  /** The node's chain ends in the block now. */
  show: (node: number, head: BlockId) => void
  /** The block is final for the node now. */
  finalise: (node: number, block: BlockId) => void
  /** The block is justified for the node now. */
  notarise: (node: number, block: BlockId) => void
  /** How long the node takes to check the block, µs. */
  check: (node: number, block: BlockId) => unknown
}

/** Makes a scripted model of a kind of finality. */
export function createScript(finality: ConsensusModel['finality'] = 'probabilistic'): Script {
  const contexts: ReplicaContext<unknown>[] = []
  const nothing = (): void => {}
  let round = 0
  return {
    model: defineConsensus({
      name: 'test/scripted',
      parameters: noParameters,
      finality,
      dissemination: 'direct',
      faultLimit: () => 0,
      createReplica: (_parameters, context) => {
        contexts.push(context)
        return { start: nothing, receive: nothing, expire: nothing, recover: nothing }
      },
    }),
    build: (node, parent) => contexts[node]!.build(parent, { round: ++round }),
    show: (node, head) => contexts[node]!.report.headChanged(head),
    finalise: (node, block) => contexts[node]!.report.finalised(block),
    notarise: (node, block) => contexts[node]!.report.notarised?.(block),
    check: (node, block) => contexts[node]!.validate(block),
  }
}

/** What is told of a payment, with the time: `included at 1100 ms`. */
export type Told = { payment: PaymentId; what: string; at: Time }

export type TestChain = {
  simulation: Simulation
  rail: Rail
  payments: Payments
  book: Book
  told: Told[]
  /** Adds a payment of 1 $ that is intended now, and submits it. */
  pay: (order?: Partial<{ from: number; amount: MicroUsd; patience: Time }>) => PaymentId
  /** Takes the site of a name down, or brings it up again. */
  setUp: (site: string, up: boolean) => void
}

const member = (name: string): Member => ({
  name,
  attributes: { region: 'home', operator: name },
  weight: 1,
})

export type TestChainOptions = Partial<Omit<ChainRailOptions, 'rules' | 'access'>> &
  Pick<ChainRailOptions, 'model'> & {
    rules?: Partial<ChainRules>
    access?: Partial<ChainAccess>
    openingUsd?: number
  }

/**
 * Two validators (nodes 0 and 1) and two access nodes (2 for even payers, 3 for odd ones), 100 ms
 * between any two; 10 ms to the access node, 40 ms on to the pool; a payment costs a dollar cent.
 */
export function createTestChain(options: TestChainOptions): TestChain {
  const { rules, access, openingUsd = 100, ...rest } = options
  const simulation = createSimulation({ seed: 'chain' })
  const payments = createPayments()
  const book = createBook({ accounts: 8, opening: usd(openingUsd) })
  const rail = createChainRail(simulation, {
    name: 'chain',
    number: 0,
    payments,
    book,
    parameters: {},
    validators: [member('v0'), member('v1')],
    accessNodes: [member('a0'), member('a1')],
    network: { latency: constantLatency(ms(100)) },
    rules: {
      baseFee: noBaseFee,
      unitsLimit: 4_000,
      unitsPerPayment: 1_000,
      bytesLimit: 1_000_000,
      bytesPerPayment: 250,
      mempoolUnits: 100_000,
      minimumPrice: 1,
      microUsdPerUnit: 10,
      unitsPerSecond: 0,
      ...rules,
    },
    wallet: {
      strategy: 'mempool depth',
      targetBlocks: 2,
      headroom: 2,
      tip: { kind: 'constant', value: 1 },
      budgetUsd: { median: 5, sigma: 0 },
    },
    access: {
      clientDelayMs: { kind: 'constant', value: 10 },
      gossipDelayMs: { kind: 'constant', value: 40 },
      confirmations: 3,
      typicalInterval: seconds(1),
      typicalFinality: seconds(2),
      ...access,
    },
    watts: 7,
    ...rest,
  })
  const told: Told[] = []
  const tell = (payment: PaymentId, what: string): void =>
    void told.push({ payment, what, at: simulation.now() })
  rail.observe({
    included: (payment) => tell(payment, 'included'),
    finalised: (payment) => tell(payment, 'final'),
    ended: (payment, reason: FailureReason) => tell(payment, reason),
  })
  return {
    ...{ simulation, rail, payments, book, told },
    pay: ({ from = 0, amount = usd(1), patience = seconds(600) } = {}) => {
      const intendedAt = simulation.now()
      const payment = payments.add({ intendedAt, from, to: (from + 1) % 8, amount, patience })
      rail.submit(payment)
      return payment
    },
    setUp: (name, up) => {
      const site = rail.sites.find((candidate) => candidate.name === name)!
      if (up) site.bringUp()
      else site.takeDown()
    },
  }
}
