// How fast do blocks spread, and how many are lost, by the way in which nodes relay them?
// Run it with: npx tsx examples/relayModes.ts
import { presets, type RailResult, runScenario, scenarioOf, vary } from 'counterpoise'

export type RelayModesOptions = {
  /** Nodes besides the sixteen miners and the observer; those of `bitcoin-2015` unless given. */
  relays?: number | undefined
  blocks: number
}

/** Names of relays, and what they are of the parameters. */
export const relays: Readonly<Record<string, Record<string, unknown>>> = {
  headersFirst: { mode: 'headersFirst' },
  inv: { mode: 'inv' },
  sendHeaders: { mode: 'sendHeaders' },
  'push by the miner': { mode: 'push' },
  'push by everybody': { mode: 'push', pushBy: 'everybody' },
  'compact, low bandwidth': { mode: 'compact', compact: { highBandwidthPeers: 0 } },
  compact: { mode: 'compact' },
  'inv, relay network': { mode: 'inv', overlay: {} },
  'compact, relay network': { mode: 'compact', overlay: {} },
}

export type RelayFigures = {
  name: string
  /** Means over blocks of when half and nine tenths of the nodes had it, s. */
  median: number
  p90: number
  /** How long hash rate was unaware of a block, s, and the stale share at 600 s that follows. */
  unaware: number
  staleShare: number
}

/** Blocks of 535 kB on the network of 2015, relayed in all ways that there are. */
export async function compareRelays(options: RelayModesOptions): Promise<RelayFigures[]> {
  const figures: RelayFigures[] = []
  for (const [name, relay] of Object.entries(relays)) {
    const input = vary(presets['bitcoin-2015'], (draft) => {
      draft.blocks = options.blocks
      const { bitcoin } = draft.rails as Record<string, any>
      Object.assign(bitcoin.consensus.parameters.relay, relay)
      if (options.relays !== undefined) bitcoin.relays.nodes = options.relays
    })
    const { result } = await runScenario(scenarioOf(input))
    const { blocks } = result.rails['bitcoin'] as RailResult
    const { p50, p90 } = blocks!.propagation_block_ms!
    const unaware = blocks!.unaware_ms! / 1_000
    const staleShare = unaware / (600 + unaware)
    figures.push({ name, median: p50 / 1_000, p90: p90 / 1_000, unaware, staleShare })
  }
  return figures
}

if (process.argv[1] === import.meta.filename) {
  console.log('| relay | median, s | p90, s | hash rate unaware, s | stale |')
  console.log('|---|---:|---:|---:|---:|')
  for (const { name, median, p90, unaware, staleShare } of await compareRelays({ blocks: 60 })) {
    const times = [median, p90, unaware].map((time) => time.toFixed(2)).join(' | ')
    console.log(`| ${name} | ${times} | ${(100 * staleShare).toFixed(2)} % |`)
  }
}
