import type { ConsensusModel } from '@counterpoise/consensus'
import { z } from 'zod'
import {
  atLeastZero,
  attributes,
  count,
  description,
  distribution,
  duration,
  positive,
  probability,
  span,
} from './primitives.ts'

const place = z.strictObject({ name: z.string().min(1), ...attributes })

const validator = place.extend({
  weight: atLeastZero.describe('Share of the power: hash rate, stake, votes; any unit.'),
  nodes: count.default(1).describe('How many nodes share this weight evenly.'),
})

const latency = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('measured'),
      jitter: z.enum(['normal', 'none']).default('normal'),
    })
    .describe('Between regions, as measured between AWS regions: p50 and p90.'),
  z.strictObject({ kind: z.literal('constant'), ms: atLeastZero }),
  z.strictObject({ kind: z.literal('drawn'), ms: distribution }),
])

const baseFee = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z
    .strictObject({
      kind: z.literal('eip1559'),
      initial: z.int().min(0).describe('Of the first block, native units per gas.'),
      gasTarget: count,
      changeDenominator: count.default(8),
      minimum: z.int().min(0).default(0),
      maximum: z.int().min(0).default(Number.MAX_SAFE_INTEGER),
    })
    .refine(({ minimum, initial, maximum }) => minimum <= initial && initial <= maximum, {
      message: "'initial' between 'minimum' and 'maximum'",
      path: ['initial'],
    }),
])

const wallet = z.strictObject({
  strategy: z.enum(['mempool depth', 'base fee']),
  targetBlocks: positive.default(3),
  headroom: z.number().min(1).default(2),
  tip: distribution,
  budgetUsd: z
    .strictObject({ median: positive, sigma: atLeastZero })
    .describe('The most that a payer gives for a payment, lognormal.'),
})

const chain = (consensus: z.ZodType): z.ZodObject =>
  z.strictObject({
    kind: z.literal('chain'),
    description,
    consensus,
    validators: z
      .union([count, z.array(validator).min(1)])
      .describe('Who makes blocks: a list, or a number of equal ones spread over `regions`.'),
    regions: z.array(attributes.region).min(1).optional(),
    relays: z
      .strictObject({
        nodes: count,
        regions: z.array(z.strictObject({ region: attributes.region, weight: positive })).min(1),
      })
      .optional()
      .describe('Nodes that pass blocks on and have no say.'),
    outgoing: count.default(8).describe('Connections each node opens, where blocks are gossiped.'),
    relayDelayMs: atLeastZero.default(0).describe('How long a node checks what it passes on.'),
    uplinkMbps: positive.optional().describe('What a node can send; without it, at no time.'),
    latency,
    fifo: z.boolean().default(false).describe('Messages between two nodes keep their order.'),
    access: z.strictObject({
      nodes: z.array(place).min(1).describe('By which payers reach the chain; one per payer.'),
      clientDelayMs: distribution,
      gossipDelayMs: distribution,
      confirmations: count.default(1),
      typicalInterval: span,
      typicalFinality: duration,
    }),
    block: z.strictObject({
      unitsLimit: count.describe('Gas or weight of a block.'),
      unitsPerPayment: count.describe('Gas or weight of a payment.'),
      bytesLimit: count,
      bytesPerPayment: count,
      unitsPerSecond: atLeastZero.default(0).describe('Speed of execution; 0: takes no time.'),
    }),
    mempool: z.strictObject({
      unitsLimit: positive,
      minimumPrice: atLeastZero.default(0).describe('Native units per gas or weight.'),
      expireAfter: span.optional().describe('How long it keeps a payment; else for ever.'),
    }),
    baseFee,
    usdPerNativeUnit: positive.describe('Dollars per satoshi, wei, attodollar …'),
    wallet,
    watts: atLeastZero.describe('Electrical power of the whole rail.'),
  })

const fee = z.strictObject({ basisPoints: atLeastZero, fixedUsd: atLeastZero.default(0) })

const card = z.strictObject({
  kind: z.literal('card'),
  description,
  dataCentres: z.array(place.extend({ messagesPerSecond: positive })).min(1),
  acquirers: z
    .array(
      place.extend({
        share: positive.optional().describe('Of the accounts; any unit.'),
        home: z.int().min(0).optional().describe('The data centre it prefers, from 0.'),
      }),
    )
    .min(1),
  issuers: z.array(place.extend({ share: positive.optional() })).min(1),
  delaysMs: z.strictObject({ access: distribution, network: distribution, issuer: distribution }),
  standIn: z.strictObject({
    timeOut: span,
    switchOver: duration,
    floorLimitUsd: atLeastZero,
    approval: probability,
  }),
  clientTimeOut: span,
  heartbeat: span,
  declineRate: probability,
  merchantDiscount: fee,
  interchange: fee,
  chargebackRate: probability,
  cutOff: duration.describe('Time of day, UTC.'),
  settlement: duration.describe('Time of day, UTC.'),
  watts: atLeastZero,
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
    chain(z.discriminatedUnion('kind', [first!, ...rest])),
    card,
  ])
}

export type ChainConfig = {
  kind: 'chain'
  description?: string | undefined
  consensus: { kind: string; parameters: unknown; faultTolerance?: number | undefined }
  validators: number | z.output<typeof validator>[]
  regions?: string[] | undefined
  relays?: { nodes: number; regions: { region: string; weight: number }[] } | undefined
  outgoing: number
  relayDelayMs: number
  uplinkMbps?: number | undefined
  latency: z.output<typeof latency>
  fifo: boolean
  access: {
    nodes: z.output<typeof place>[]
    clientDelayMs: z.output<typeof distribution>
    gossipDelayMs: z.output<typeof distribution>
    confirmations: number
    typicalInterval: number
    typicalFinality: number
  }
  block: {
    unitsLimit: number
    unitsPerPayment: number
    bytesLimit: number
    bytesPerPayment: number
    unitsPerSecond: number
  }
  mempool: { unitsLimit: number; minimumPrice: number; expireAfter?: number | undefined }
  baseFee: z.output<typeof baseFee>
  usdPerNativeUnit: number
  wallet: z.output<typeof wallet>
  watts: number
}

/** What the schema makes of a card rail. */
export type CardConfig = z.output<typeof card>
/** What the schema makes of a rail. */
export type RailConfig = ChainConfig | CardConfig
