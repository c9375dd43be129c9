import { toMs } from '@counterpoise/engine'
import { toUsd } from '@counterpoise/ledger'
import { type BlockRecords, spreadLevels, type SpreadRecord } from '@counterpoise/rails'
import type { BlockFigures, SpreadFigures } from './results.ts'
import { mean, quantile, shareOf, sorted } from './statistics.ts'

/** By-operator figures are told where there are no more operators than this. */
const operatorsMax = 100

/** What a rail's blocks were. */
export function blocksOf(records: BlockRecords): BlockFigures {
  const { times, stale, spread } = records
  const made = times.length + stale
  return {
    count: times.length,
    interval_ms: intervalsOf(times),
    stale_share: shareOf(stale, made),
    made,
    ...(spread && spreadFigures(spread)),
    reorg_depths: Object.fromEntries(
      [...records.reorganisations].sort(([a], [b]) => a - b).map(([depth, n]) => [`${depth}`, n]),
    ),
    ...(records.makers.length <= operatorsMax && makerFigures(records)),
    ...(records.attacks && { attacks: records.attacks }),
  }
}

function intervalsOf(times: Float64Array): BlockFigures['interval_ms'] {
  const gaps = sorted(times.slice(1).map((time, k) => toMs(time - times[k]!)))
  if (gaps.length === 0) return null
  return {
    mean: mean(gaps),
    p10: quantile(gaps, 0.1),
    p25: quantile(gaps, 0.25),
    p50: quantile(gaps, 0.5),
    p75: quantile(gaps, 0.75),
    p90: quantile(gaps, 0.9),
    p95: quantile(gaps, 0.95),
    p99: quantile(gaps, 0.99),
  }
}

/** `p10`, `p25` and so on, as the levels are called. */
const levelNames = spreadLevels.map((level) => `p${Math.round(level * 100)}`)

function spreadFigures(spread: SpreadRecord): Partial<BlockFigures> {
  const named = (values: readonly number[]): Omit<SpreadFigures, 'mean'> =>
    Object.fromEntries(levelNames.map((name, k) => [name, values[k]!])) as Omit<
      SpreadFigures,
      'mean'
    >
  const perBlock = named(spread.blockQuantiles)
  return {
    propagation_ms: { mean: spread.mean, ...named(spread.quantiles) },
    propagation_block_ms: perBlock,
    propagation_block_median_ms: perBlock.p50,
    propagation_node_ms: named(spread.nodeQuantiles),
    ...(spread.unaware !== undefined && { unaware_ms: spread.unaware }),
  }
}

function makerFigures({ makers }: BlockRecords): Partial<BlockFigures> {
  const chain = makers.reduce((sum, maker) => sum + maker.chain, 0)
  const by = <value>(of: (maker: (typeof makers)[number]) => value): Record<string, value> =>
    Object.fromEntries(makers.map((maker) => [maker.operator, of(maker)]))
  return {
    stale_by_miner: by(({ chain, stale }) => shareOf(stale, chain + stale)),
    blocks_by_miner: by((maker) => maker.chain),
    made_by_miner: by(({ chain, stale }) => chain + stale),
    revenue_by_miner: by((maker) => ({
      share_of_chain: shareOf(maker.chain, chain),
      subsidy_native: maker.rewards,
      fees_usd: toUsd(maker.fees),
    })),
    fees_usd: makers.reduce((sum, maker) => sum + toUsd(maker.fees), 0),
  }
}
