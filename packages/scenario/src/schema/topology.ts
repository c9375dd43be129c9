import * as z from 'zod'
import { maxima } from './maxima.ts'
import { atLeastZero, count, probability } from './primitives.ts'

const degree = count.max(maxima.nodes)
const outgoing = count.max(maxima.outgoing)

/** How often degrees occur: `weights[i]` of the nodes have `edges[i]` … `edges[i + 1] − 1`. */
export const histogram = z.union([
  z
    .enum(['gervais2016', 'simBlock2015'])
    .describe('Connections of Bitcoin nodes in published simulators.'),
  z.strictObject({
    edges: z.array(z.int().min(0).max(maxima.nodes)).min(2).max(maxima.entries),
    weights: z.array(atLeastZero.max(1e15)).min(1).max(maxima.entries),
  }),
])

/** Who is connected with whom. */
export const topology = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('complete') })
    .describe('Everybody with everybody: a broadcast goes straight to all.'),
  z
    .strictObject({
      kind: z.literal('random'),
      outgoing: outgoing
        .default(8)
        .describe('Connections each node opens to random others, as far as there are any.'),
    })
    .describe('Each node opens connections to random others.'),
  z
    .strictObject({
      kind: z.literal('bitcoin'),
      outgoing: z
        .union([outgoing, histogram])
        .default(8)
        .describe('Full-relay connections that each node opens.'),
      blockRelayOnly: z.int().min(0).max(maxima.outgoing).default(2),
      mostConnections: degree.default(125),
      mostInbound: degree.default(117),
      listening: count
        .max(maxima.nodes)
        .optional()
        .describe('Nodes that accept connections, the first ones; else all.'),
    })
    .describe('As Bitcoin Core connects: limits of what is opened and accepted.'),
  z
    .strictObject({ kind: z.literal('degrees'), histogram })
    .describe('A random graph whose degrees follow a histogram.'),
  z
    .strictObject({ kind: z.literal('regular'), degree })
    .describe('A random graph in which all have the same degree.'),
  z
    .strictObject({ kind: z.literal('smallWorld'), degree, rewiring: probability })
    .describe('A ring of neighbours, some of whose links lead anywhere (Watts, Strogatz).'),
  z
    .strictObject({ kind: z.literal('scaleFree'), links: degree })
    .describe('Newcomers link to who has many links (Barabási, Albert).'),
  z
    .strictObject({
      kind: z.literal('mesh'),
      degree: degree.optional().describe('D; 8.'),
      low: degree.optional().describe('D_low; 6.'),
      high: degree.optional().describe('D_high; 12.'),
    })
    .describe('The mesh of a gossip topic.'),
  z
    .strictObject({
      kind: z.literal('regional'),
      hubs: degree.default(2),
      linksToHubs: degree.default(2),
      linksToPeers: z.int().min(0).max(maxima.nodes).default(0),
      linksBetween: degree.default(1),
    })
    .describe('Regions whose hubs are linked with each other.'),
  z
    .strictObject({
      kind: z.literal('edges'),
      file: z.string().min(1).optional().describe('CSV: a link per line, two names of nodes.'),
      csv: z.string().optional().describe('The text itself.'),
      by: z
        .enum(['name', 'number'])
        .default('name')
        .describe('Nodes are named, or numbered: validators, access nodes, relays, from 0.'),
      mayBeDisconnected: z.boolean().default(false),
    })
    .describe('Links from a file.'),
])

/** What the schema makes of a topology. */
export type TopologyConfig = z.output<typeof topology>
export type HistogramConfig = z.output<typeof histogram>
