import {
  doubleSpendWithLead,
  featherForkSuccess,
  MinerLevelError,
  type MinerLevelOptions,
  type MinerLevelResult,
  optimalPolicy,
  runMinerLevel,
  selfishRevenue,
} from '@counterpoise/consensus-pow'
import { type Estimate, estimated, type KindsOf, marginsOf } from '@counterpoise/lab'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { type MineFlags, MineUsageError, type Mining, miningOf } from './mineFlags.ts'

/** The figures of one run, with units in their names. */
export type MineFigures = {
  blocks: number
  chain_blocks: number
  /** Of the blocks that are in the chain or stale. */
  stale_share: number
  stale_blocks: number
  /** Chain blocks per target interval. */
  growth: number
  interval_ms: { mean: number; deviation: number }
  difficulty: number
  revenue_share: Record<string, number>
  stale_by_miner: Record<string, number | null>
  found_by_miner: Record<string, number>
  /** Per 1,000 blocks of the chain: reorganisations of single miners by depth. */
  reorg_depths_per_1000: Record<string, number>
  attack?: { attempts: number; success_share: number } | undefined
}

/** What sort of numbers they are. Blocks of attackers come in rows, others each by itself. */
const kindsOf = (isAttacked: boolean): KindsOf<MineFigures> => {
  const isApart = (): boolean => !isAttacked
  return {
    ...{ blocks: 'count', chain_blocks: 'count', stale_blocks: 'count' },
    stale_share: { outOf: (run) => run.chain_blocks + run.stale_blocks, isApart },
    growth: 'amount',
    interval_ms: { mean: 'time', deviation: 'time' },
    difficulty: 'amount',
    revenue_share: () => ({ outOf: (run) => run.chain_blocks, isApart }),
    stale_by_miner: () => ({ outOf: (run, miner) => run.found_by_miner[miner!], isApart }),
    found_by_miner: () => 'count',
    reorg_depths_per_1000: () => 'amount',
    attack: {
      attempts: 'count',
      success_share: { outOf: ({ attack }) => attack?.attempts, isApart: () => true },
    },
  }
}

/** `counterpoise mine` */
export function mineCommand(flags: MineFlags): ExitCode {
  let mining: Mining
  let runs: MineFigures[]
  try {
    mining = miningOf(flags)
    runs = runsOf(mining)
  } catch (cause) {
    const isUsage = cause instanceof MineUsageError || cause instanceof MinerLevelError
    if (!isUsage) throw cause
    process.stderr.write(`counterpoise mine: ${cause.message}\n`)
    return exitCodes.usage
  }
  const { note, options, replications } = mining
  if (note !== undefined) process.stderr.write(`counterpoise mine: ${note}\n`)
  const figures = estimated(runs, kindsOf(options.attack !== undefined))
  const expected = closedFormOf(mining)
  const document = { options: { ...plain(options), replications }, figures, expected }
  if (flags.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  else process.stdout.write(tableOf(figures, expected))
  return exitCodes.ok
}

const runsOf = ({ options, names, replications }: Mining): MineFigures[] =>
  Array.from({ length: replications }, (_, replication) =>
    figuresOf(runMinerLevel({ ...options, replication }), names),
  )

/** What identifies a run; strategies are functions and go by their names. */
function plain({ attack, ...rest }: MinerLevelOptions): object {
  if (attack === undefined) return rest
  return { ...rest, attack: { ...attack, strategy: attack.strategy.name } }
}

function figuresOf(result: MinerLevelResult, names: readonly string[]): MineFigures {
  const { miners, intervals, attack, reorganisations, chainBlocks } = result
  type Miner = (typeof miners)[number]
  const byMiner = <value>(figure: (miner: Miner) => value): Record<string, value> =>
    Object.fromEntries(miners.map((miner, index) => [names[index]!, figure(miner)]))
  return {
    blocks: result.blocks,
    chain_blocks: chainBlocks,
    stale_share: result.staleShare,
    stale_blocks: result.stale,
    growth: result.growth,
    interval_ms: { mean: intervals.meanMs, deviation: intervals.deviationMs },
    difficulty: result.difficulty,
    revenue_share: byMiner(({ revenueShare }) => revenueShare),
    stale_by_miner: byMiner(({ found, stale }) => (found === 0 ? null : stale / found)),
    found_by_miner: byMiner(({ found }) => found),
    reorg_depths_per_1000: Object.fromEntries(
      reorganisations.flatMap((count, depth) =>
        depth === 0 || count === 0 ? [] : [[String(depth), (1_000 * count) / chainBlocks]],
      ),
    ),
    ...(attack !== undefined &&
      attack.attempts > 0 && {
        attack: {
          attempts: attack.attempts,
          success_share: attack.successes / attack.attempts,
        },
      }),
  }
}

type Expected = { figure: string; value: number; source: string }

/** What theory says of an attack without delay, where it says something. */
function closedFormOf({ spec, alpha, gamma = 0 }: Mining): Expected[] {
  if (spec === undefined) return []
  switch (spec.kind) {
    case 'selfish': {
      const value = selfishRevenue(alpha, gamma)
      return [{ figure: 'revenue_share', value, source: 'Eyal and Sirer 2014, equation 8' }]
    }
    case 'optimal': {
      const value = optimalPolicy(spec).revenue
      return [{ figure: 'revenue_share', value, source: 'value iteration, Sapirstein et al. 2016' }]
    }
    case 'double-spend': {
      const value = doubleSpendWithLead(alpha, spec.confirmations ?? 6, spec.premined ?? 1)
      return [{ figure: 'attack.success_share', value, source: 'Rosenfeld 2014' }]
    }
    case 'feather-fork': {
      if (spec.giveUpConfirmations === undefined) return []
      const value = featherForkSuccess(alpha, spec.giveUpConfirmations)
      return [{ figure: 'attack.success_share', value, source: 'race of two, Miller 2013' }]
    }
    default:
      return []
  }
}

const isValue = (value: unknown): value is Estimate =>
  typeof value === 'object' && value !== null && 'ci95' in value

/** Half the interval, or where it is longer on one side, what is on either. */
function marginText(estimate: Estimate): string {
  const rounded = (value: number): number => Number(value.toPrecision(2))
  const { up, down } = marginsOf(estimate)
  if (up === down) return up === 0 ? '' : ` ± ${rounded(up)}`
  return ` +${rounded(up)} −${rounded(down)}`
}

/** A figure a line: its name, its mean and half its 95 % confidence interval. */
function tableOf(figures: unknown, expected: readonly Expected[]): string {
  const lines: [string, string][] = []
  const visit = (value: unknown, path: string): void => {
    if (isValue(value)) {
      lines.push([path, `${Number(value.mean.toPrecision(6))}${marginText(value)}`])
    } else if (typeof value === 'object' && value !== null) {
      const prefix = path === '' ? '' : `${path}.`
      for (const [key, each] of Object.entries(value)) visit(each, `${prefix}${key}`)
    }
  }
  visit(figures, '')
  for (const { figure, value, source } of expected) {
    lines.push([`closed form of ${figure}`, `${Number(value.toPrecision(6))} (${source})`])
  }
  const width = Math.max(...lines.map(([label]) => label.length))
  return `${lines.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n')}\n`
}
