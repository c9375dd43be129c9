import * as z from 'zod'
import { latency, year } from './latency.ts'
import { maxima } from './maxima.ts'
import {
  anyDistribution,
  atLeastZero,
  count,
  milliseconds,
  positive,
  probability,
  span,
} from './primitives.ts'
import { topology } from './topology.ts'

const mbps = positive.min(0.01).max(1e9)

const rate = z
  .union([
    mbps,
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('regions'), year: year.default('2019') }),
      z
        .strictObject({
          kind: z.literal('measured2016'),
          leastQuantile: probability
            .optional()
            .describe('Nodes below it have its rate: 0.1 does away with the slowest tenth. 0.'),
        })
        .describe('Drawn as measured in each of six regions, slow tails included.'),
      z
        .strictObject({
          kind: z.literal('histogram'),
          edges: z.array(mbps).min(2).max(maxima.entries),
          weights: z.array(atLeastZero.max(1e15)).min(1).max(maxima.entries),
        })
        .refine(({ edges, weights }) => edges.length === weights.length + 1, {
          message: 'one edge more than there are weights',
          path: ['edges'],
        })
        .refine(({ edges }) => edges.every((edge, k) => k === 0 || edge > edges[k - 1]!), {
          message: 'edges that ascend',
          path: ['edges'],
        })
        .refine(({ weights }) => weights.some((weight) => weight > 0), {
          message: 'a weight above 0',
          path: ['weights'],
        }),
      z.strictObject({ kind: z.literal('drawn'), mbps: anyDistribution }),
    ]),
  ])
  .describe('Mbit/s of each node: a number, by region, or drawn once for each.')

const bandwidth = z
  .strictObject({
    mode: z
      .enum(['queue', 'fair'])
      .default('queue')
      .describe('One message after the other, or all at once, max-min fairly.'),
    upMbps: rate.optional().describe('What a node sends; without it, sending takes no time.'),
    downMbps: rate.optional().describe('What it receives; without it, that takes no time.'),
  })
  .describe('What nodes can send and receive; else 1 Gbit/s where members vote. {}: any amount.')

const bytes = z.int().min(0).max(maxima.bytes)

/** How a content comes from one node to all; what is left out has the protocol's default. */
const broadcast = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('direct') }),
    z.strictObject({ kind: z.literal('flood') }),
    z.strictObject({
      kind: z.literal('announceFetch'),
      idBytes: bytes.optional().describe('Of an announcement or a request; 61.'),
      requestTimeoutMs: milliseconds.min(0.001).optional().describe('60000.'),
      requestsMax: count.max(1_000).optional().describe('10.'),
    }),
    z.strictObject({
      kind: z.literal('gossipMesh'),
      degree: count.max(maxima.nodes).optional().describe('D; 8.'),
      degreeMin: count.max(maxima.nodes).optional().describe('D_low; 6.'),
      degreeMax: count.max(maxima.nodes).optional().describe('D_high; 12.'),
      lazyDegree: z.int().min(0).max(maxima.nodes).optional().describe('D_lazy; 6.'),
      gossipFactor: probability.optional().describe('0.25.'),
      heartbeatMs: milliseconds.min(0.001).optional().describe('700.'),
      historyLength: count.max(1_000).optional().describe('mcache_len; 6.'),
      historyGossip: count.max(1_000).optional().describe('mcache_gossip, up to mcache_len; 3.'),
      idBytes: bytes.optional().describe('20.'),
    }),
    z.strictObject({
      kind: z.literal('erasureShards'),
      rebuildShare: probability.min(0.000_001).optional().describe('1/3.'),
      proofBytes: bytes.optional().describe('0.'),
    }),
  ])
  .describe("By which protocol blocks spread; else the consensus model's own way.")

const lifetime = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), length: span }),
  z.strictObject({ kind: z.literal('exponential'), mean: span }),
  z.strictObject({
    kind: z.literal('weibull'),
    scale: span,
    shape: positive.min(0.05).max(1_000),
  }),
  z.strictObject({ kind: z.literal('lognormal'), median: span, sigma: atLeastZero.max(10) }),
])

const churn = z
  .strictObject({
    of: z
      .array(z.enum(['validator', 'access', 'relay']))
      .min(1)
      .default(['relay'])
      .describe('The parts that the nodes play which come and go.'),
    session: lifetime.describe('How long a node stays.'),
    downtime: lifetime.describe('How long it is away.'),
    start: z
      .enum(['steady', 'up'])
      .default('steady')
      .describe('As if it had gone on for ever, or all nodes have just come.'),
  })
  .describe('Nodes that come and go.')

const connected = z.strictObject({
  links: z
    .tuple([count.max(maxima.nodes), count.max(maxima.nodes)])
    .refine(([low, high]) => low <= high, { message: 'the smaller number first' })
    .optional()
    .describe('Each has between so many and so many connections.'),
  upMbps: mbps.optional(),
  downMbps: mbps.optional(),
})

const producers = connected.describe(
  'The nodes that make blocks, where they are better connected than others.',
)
const observers = connected.describe(
  'The nodes by which payers see the chain, where they are better connected than others.',
)

/** What lies between the nodes of a chain. */
export const network = z.strictObject({
  latency: latency.prefault({ kind: 'measured' }),
  topology: topology
    .prefault({ kind: 'random' })
    .describe('Where blocks are gossiped; who votes sends straight to all voters.'),
  bandwidth: bandwidth.optional(),
  producers: producers.optional(),
  observers: observers.optional(),
  broadcast: broadcast.optional(),
  relayDelayMs: milliseconds.default(0).describe('How long a node checks what it passes on.'),
  fifo: z.boolean().default(false).describe('Messages between two nodes keep their order.'),
  lossProbability: probability.default(0).describe('Of each message on each link.'),
  duplicates: z
    .enum(['delivered', 'counted'])
    .optional()
    .describe('Whether copies that come too late arrive, or are only counted.'),
  streams: z
    .enum(['per-node', 'shared'])
    .optional()
    .describe('Delays drawn from a stream of each node (up to 2,048 nodes), or from one of all.'),
  churn: churn.optional(),
})

/** What the schema makes of the network of a chain. */
export type NetworkConfig = z.output<typeof network>
/** What the schema makes of a bandwidth in one direction. */
export type RateConfig = z.output<typeof rate>
