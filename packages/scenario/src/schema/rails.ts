import type { ConsensusModel } from '@counterpoise/consensus'
import * as z from 'zod'
import { association, type AssociationConfig } from './association.ts'
import { baseFee } from './baseFee.ts'
import { type BehaviourConfig, behaviours } from './behaviours.ts'
import { maxima } from './maxima.ts'
import { tempoExecution, type TempoExecutionConfig } from './tempo.ts'
import { network, type NetworkConfig } from './network.ts'
import { service, type ServiceConfig } from './service.ts'
import {
  atLeastZero,
  attributes,
  count,
  delayMs,
  description,
  dollars,
  duration,
  lognormalUsd,
  positive,
  positiveWeight,
  price,
  probability,
  span,
  timeOfDay,
  weight,
} from './primitives.ts'

const nodeCount = count.max(maxima.nodes)
const units = count.max(maxima.units)
const watts = atLeastZero.max(1e15)
const place = z.strictObject({ name: z.string().min(1).max(200), ...attributes })

const validator = place.extend({
  weight: weight.describe('Share of the power: hash rate, stake, votes; any unit.'),
  nodes: nodeCount.default(1).describe('How many nodes share this weight evenly.'),
})

const wallet = z.strictObject({
  strategy: z.enum(['mempool depth', 'base fee', 'bitcoin estimate']),
  targetBlocks: positive.max(1_000_000).default(3),
  headroom: z.number().min(1).max(1_000_000).default(2),
  tip: price,
  budgetUsd: lognormalUsd.describe('The most that a payer gives for a payment, lognormal.'),
  bump: z
    .strictObject({
      after: span.describe('How long a payment waits before its payer bids more, and again.'),
      factor: z.number().gt(1).max(1_000).default(1.5).describe('By how much at least.'),
      max: count.max(1_000).default(10).describe('How often at most.'),
    })
    .optional()
    .describe('Payers who wait raise their fee, within their budget; pools by Bitcoin’s rules.'),
  doubleSpend: z
    .strictObject({
      share: probability.describe('Of payments whose payers try to take them back.'),
      after: span,
      factor: z.number().gt(1).max(1_000).describe('How many times the fee of the payment.'),
    })
    .optional()
    .describe('The coins go back to the payer, before a block has them; Bitcoin’s rules.'),
})

/** An entry may tell of its stake where a model knows such a thing. */
function validatorOf(models: readonly ConsensusModel[]): z.ZodType {
  const [first, ...rest] = models.flatMap(({ stake }) => stake ?? [])
  if (first === undefined) return validator
  const stake = rest.length === 0 ? first : z.union([first, ...rest])
  return validator.extend({ stake: stake.optional().describe('More on its part of the stake.') })
}

const chain = (consensus: z.ZodType, models: readonly ConsensusModel[]): z.ZodObject =>
  z.strictObject({
    kind: z.literal('chain'),
    description,
    consensus,
    validators: z
      .union([nodeCount, z.array(validatorOf(models)).min(1).max(maxima.nodes)])
      .describe('Who makes blocks: a list, or a number of equal ones spread over `regions`.'),
    regions: z.array(attributes.region).min(1).max(maxima.entries).optional(),
    relays: z
      .strictObject({
        nodes: nodeCount,
        regions: z
          .array(z.strictObject({ region: attributes.region, weight: positiveWeight }))
          .min(1)
          .max(maxima.entries)
          .optional()
          .describe("Else, with the tables of six regions, by their shares of Bitcoin's nodes."),
      })
      .optional()
      .describe('Nodes that pass blocks on and have no say.'),
    association: association
      .optional()
      .describe('Who decides who is a validator; all have one vote.'),
    service: service
      .optional()
      .describe(
        'What work takes its nodes, besides execution and bandwidth. Where members vote, what is ' +
          'left out takes what was published for their signatures; elsewhere no time.',
      ),
    behaviours: behaviours
      .optional()
      .describe('How validators depart from the protocol, all through the run.'),
    network: network.prefault({}).describe('What lies between its nodes.'),
    access: z.strictObject({
      nodes: z
        .array(place)
        .min(1)
        .max(maxima.entries)
        .describe('By which payers reach the chain; one per payer.'),
      clientDelayMs: delayMs,
      gossipDelayMs: delayMs,
      confirmations: count.max(1_000_000).default(1),
      typicalInterval: span,
      typicalFinality: duration,
    }),
    block: z.strictObject({
      unitsLimit: units.describe('Gas or weight of a block.'),
      unitsPerPayment: units.describe('Gas or weight of a payment.'),
      transferUnits: z
        .record(z.string().min(1).max(200), units)
        .optional()
        .describe('Of other kinds of transfers, by name; their fees are told as well.'),
      bytesLimit: count.max(maxima.bytes),
      bytesPerPayment: count.max(maxima.bytes),
      unitsPerSecond: atLeastZero
        .optional()
        .describe('Speed of execution; 0: takes no time. Else 0, or 1.25e9 where members vote.'),
      otherTraffic: z
        .strictObject({
          unitsPerBlock: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
          laneLimit: units.optional().describe('At most as much of a block; else all of it.'),
          givesWay: z.boolean().describe('Takes what payments leave, or else its part first.'),
          priceLimit: atLeastZero
            .optional()
            .describe('Highest base fee at which it is there, native units per gas.'),
        })
        .optional()
        .describe('What else uses the blocks, gas or weight.'),
    }),
    mempool: z.strictObject({
      unitsLimit: positive.max(1e15),
      minimumPrice: atLeastZero
        .max(maxima.price)
        .default(0)
        .describe('Native units per gas or weight.'),
      expireAfter: span.optional().describe('How long it keeps a payment; else for ever.'),
      rules: z
        .enum(['price', 'ancestors', 'clusters'])
        .default('price')
        .describe('By price alone; or as Bitcoin Core up to v30, and from v31.'),
      fidelity: z
        .enum(['shared', 'per-node'])
        .default('shared')
        .describe('One pool for all nodes, or one per miner and access node; Bitcoin’s rules.'),
      incrementalPrice: positive
        .max(maxima.price)
        .optional()
        .describe('What a replacement pays on top for its own size; else `minimumPrice`.'),
    }),
    execution: tempoExecution
      .optional()
      .describe('What blocks may hold and what that costs, by rules of a chain of its own.'),
    baseFee,
    usdPerNativeUnit: positive
      .min(1e-30)
      .max(maxima.usd)
      .describe('Dollars per satoshi, wei, attodollar …'),
    wallet,
    watts: watts.describe('Electrical power of the whole rail.'),
  })

const fee = z.strictObject({
  basisPoints: atLeastZero.max(10_000),
  fixedUsd: dollars.default(0),
})

const card = z.strictObject({
  kind: z.literal('card'),
  description,
  dataCentres: z
    .array(place.extend({ messagesPerSecond: z.number().min(1).max(1e9) }))
    .min(1)
    .max(maxima.entries),
  acquirers: z
    .array(
      place.extend({
        share: positiveWeight.optional().describe('Of the accounts; any unit.'),
        home: z.int().min(0).optional().describe('The data centre it prefers, from 0.'),
      }),
    )
    .min(1)
    .max(maxima.entries),
  issuers: z
    .array(place.extend({ share: positiveWeight.optional() }))
    .min(1)
    .max(maxima.entries),
  delaysMs: z.strictObject({ access: delayMs, network: delayMs, issuer: delayMs }),
  standIn: z.strictObject({
    timeOut: span,
    switchOver: duration,
    floorLimitUsd: dollars,
    approval: probability,
  }),
  clientTimeOut: span,
  heartbeat: span,
  declineRate: probability,
  merchantDiscount: fee,
  interchange: fee,
  chargebackRate: probability,
  cutOff: timeOfDay,
  settlement: timeOfDay,
  watts: watts.describe('Electrical power of the whole rail.'),
})

/** Every kind of rail; chains over the given consensus models. */
export function railSchema(models: readonly ConsensusModel[]): z.ZodType {
  const alternatives = models.map(({ name, parameters }) =>
    z.strictObject({
      kind: z.literal(name),
      parameters: parameters.prefault({}).describe("Left out, they are the model's defaults."),
      faultTolerance: z
        .int()
        .min(0)
        .optional()
        .describe('How many faulty validators the chain claims to survive.'),
    }),
  )
  const [first, ...rest] = alternatives
  return z.discriminatedUnion('kind', [
    chain(z.discriminatedUnion('kind', [first!, ...rest]), models),
    card,
  ])
}

/** What the schema makes of an entry of validators; its stake is as its model has it. */
export type ValidatorConfig = z.output<typeof validator> & { stake?: object | undefined }

/** What the schema makes of a chain. */
export type ChainConfig = {
  kind: 'chain'
  description?: string | undefined
  consensus: { kind: string; parameters: unknown; faultTolerance?: number | undefined }
  validators: number | ValidatorConfig[]
  regions?: string[] | undefined
  relays?:
    | { nodes: number; regions?: { region: string; weight: number }[] | undefined }
    | undefined
  association?: AssociationConfig | undefined
  service?: ServiceConfig | undefined
  behaviours?: BehaviourConfig[] | undefined
  network: NetworkConfig
  access: {
    nodes: z.output<typeof place>[]
    clientDelayMs: z.output<typeof delayMs>
    gossipDelayMs: z.output<typeof delayMs>
    confirmations: number
    typicalInterval: number
    typicalFinality: number
  }
  block: {
    unitsLimit: number
    unitsPerPayment: number
    transferUnits?: Record<string, number> | undefined
    bytesLimit: number
    bytesPerPayment: number
    unitsPerSecond: number
    otherTraffic?:
      | {
          unitsPerBlock: number
          laneLimit?: number | undefined
          givesWay: boolean
          priceLimit?: number | undefined
        }
      | undefined
  }
  mempool: {
    unitsLimit: number
    minimumPrice: number
    expireAfter?: number | undefined
    rules: 'price' | 'ancestors' | 'clusters'
    fidelity: 'shared' | 'per-node'
    incrementalPrice?: number | undefined
  }
  execution?: TempoExecutionConfig | undefined
  baseFee: z.output<typeof baseFee>
  usdPerNativeUnit: number
  wallet: z.output<typeof wallet>
  watts: number
}

/** What the schema makes of a card rail. */
export type CardConfig = z.output<typeof card>
/** What the schema makes of a rail. */
export type RailConfig = ChainConfig | CardConfig
