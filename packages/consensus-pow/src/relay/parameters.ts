import * as z from 'zod'

const bytes = z.number().int().min(0).max(1_000_000_000)
const share = z.number().min(0).max(1)
const milliseconds = z.number().min(0).max(86_400_000)

const compact = z.strictObject({
  highBandwidthPeers: z
    .int()
    .min(0)
    .max(8)
    .default(3)
    .describe('Peers that a node lets push to it before they check. BIP 152: at most 3.'),
  usage: share.default(1).describe('Share of the nodes that know compact blocks.'),
  reconstruction: share
    .default(0.8164)
    .describe(
      'Share of the blocks for which a node has every transaction. Default: 2032 of 2489 blocks ' +
        'at one node in September 2025 (0xB10C).',
    ),
  unreliableShare: share.default(0).describe('Share of nodes with another reconstruction.'),
  unreliableReconstruction: share.default(0.73).describe('Theirs. SimBlock: 0.73 after churn.'),
  missingShare: z
    .array(z.tuple([share, share]))
    .min(1)
    .max(1000)
    .default([
      [0, 0.0005],
      [0.69, 0.0005],
      [1, 0.2],
    ])
    .describe(
      'Part of the block that is missing where something is: [quantile, part], lines between. ' +
        'Default: 315 of 457 misses lacked one transaction (0xB10C); the tail is assumed.',
    ),
  bytesFixed: bytes.default(391).describe('Header, nonce, counts and coinbase. BIP 152.'),
  bytesPerTransaction: bytes.default(6).describe('Of a short identifier. BIP 152: 6.'),
  bytes: bytes.optional().describe('The size of every compact block, instead.'),
})

const overlay = z.strictObject({
  latencyFactor: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('On the latency between two members. Gervais et al.: as on every other link.'),
  extraMs: milliseconds.default(0).describe('Added on every way. Gervais et al.: nothing.'),
  bytesFixed: bytes.default(81).describe('Of a block on its way, a header. Gervais et al.: 81.'),
  bytesPerTransaction: z
    .number()
    .min(0)
    .max(10_000)
    .default(2)
    .describe("Corallo's relay network, and Gervais et al.: 2 bytes for a transaction."),
})

const tor = z.strictObject({
  share: share.default(0.64).describe('13,772 of 21,515 reachable nodes, about 2025 (newhedge).'),
  extraMs: milliseconds
    .default(300)
    .describe('Mean, exponential, on every way to or from it. Assumed.'),
})

/** How a new block comes from node to node; the defaults are those of Bitcoin Core today. */
export const relayParameters = z.strictObject({
  mode: z
    .enum(['inv', 'headersFirst', 'sendHeaders', 'push', 'compact'])
    .default('compact')
    .describe(
      'inv: announced, asked for, sent. headersFirst: the header is asked for before the block. ' +
        'sendHeaders: announced by its header (BIP 130). push: sent unasked. compact: BIP 152.',
    ),
  pushBy: z
    .enum(['miner', 'everybody', 'squareRoot'])
    .default('miner')
    .describe(
      'Who pushes unasked; the others announce. miner: of the block (Gervais et al.). ' +
        'everybody: once checked. squareRoot: everybody, before the check, to as many neighbours ' +
        'as the square root of their number, and announces to all once it is checked (Ethereum).',
    ),
  askAfterMs: milliseconds
    .default(0)
    .describe(
      'How long a node that has heard of a block waits for one unasked before it asks. ' +
        'go-ethereum: 500 ms.',
    ),
  bodyAfterMs: milliseconds
    .optional()
    .describe(
      'Where it is given, a header is asked for first, and so long after it came the block. ' +
        'go-ethereum: 100 ms.',
    ),
  transfer: z
    .enum(['storeAndForward', 'pipelined', 'cutThrough', 'stopAndWait'])
    .default('storeAndForward')
    .describe(
      'A block passes uplink and downlink one after the other; or at the same time, the slower ' +
        'one counts, and each is free when it has done its part (Gervais et al.). cutThrough: ' +
        'the uplink is taken for as long as the slower one needs. stopAndWait: as well, and ' +
        'until the block has arrived (SimBlock).',
    ),
  wordMs: milliseconds
    .default(0)
    .describe('Added to each word of an exchange, besides the latency. SimBlock: 10 ms.'),
  sendMs: milliseconds.default(0).describe('Added to the sending of each block. SimBlock: 2 ms.'),
  checkMs: milliseconds.optional().describe('Checking a block takes as long, and'),
  checkMsPerMegabyte: milliseconds
    .optional()
    .describe('for each 10⁶ bytes. Gervais et al.: 174 ms for 458,263 bytes, 380 ms/MB. ' +
      "Without both, what the chain's execution says."),
  requestTimeoutMs: milliseconds
    .min(1)
    .default(600_000)
    .describe('After which another peer is asked. Bitcoin Core: one target interval.'),
  transactionBytes: z
    .number()
    .min(1)
    .max(1e6)
    .default(522.4)
    .describe('Mean size of a transaction, for sizes of compact blocks. Gervais et al.: 522.4.'),
  invBytes: bytes.default(61).describe('An inv or getdata: 24 of header, 1 of count, 36.'),
  headersBytes: bytes.default(106).describe('A header that is sent: 24, 1 and 81.'),
  compact: compact.prefault({}),
  overlay: overlay.optional().describe('A relay network among the miners, such as FIBRE.'),
  tor: tor.optional().describe('Nodes behind Tor; miners are never.'),
})

/** What the schema makes of a relay. */
export type RelayParameters = z.output<typeof relayParameters>
export type CompactParameters = RelayParameters['compact']
