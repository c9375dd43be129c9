import {
  type MinerLevelOptions,
  poolShares,
  strategyKinds,
  strategyOf,
  type StrategyOption,
} from '@counterpoise/consensus-pow'
import { BaseError, type Distribution, parseDuration, toMs } from '@counterpoise/engine'

/** The flags of `counterpoise mine`, as texts and numbers. */
export type MineFlags = {
  pools?: string
  shares?: string
  interval: string
  delay: string
  retarget?: boolean
  attack?: string
  alpha?: number
  gamma?: number
  confirmations?: number
  premined?: number
  targetShare?: number
  giveUp?: number
  blocks: number
  replications: number
  seed: string
  json?: boolean
}

/** A flag of `counterpoise mine` that cannot be. */
export class MineUsageError extends BaseError {
  override name = 'MineUsageError' as const
}

/** What the flags ask for. */
export type Mining = {
  options: MinerLevelOptions
  names: readonly string[]
  replications: number
  /** The attack, as a file would name it. */
  spec: StrategyOption | undefined
  /** The attacker's share of the hash rate, 0 … 1. */
  alpha: number
  gamma: number | undefined
  /** What the user should know of how the flags were taken. */
  note: string | undefined
}

/** @throws MineUsageError where a flag cannot be. */
export function miningOf(flags: MineFlags): Mining {
  const { attack, gamma, blocks, seed, replications } = flags
  if (flags.alpha !== undefined && !(flags.alpha > 0 && flags.alpha < 1)) {
    throw new MineUsageError(`--alpha is a share between 0 and 1, not ${flags.alpha}.`)
  }
  if (gamma !== undefined && !(gamma >= 0 && gamma <= 1)) {
    throw new MineUsageError(`--gamma is a share from 0 to 1, not ${gamma}.`)
  }
  const { shares, names } = minersOf(flags)
  const total = shares.reduce((sum, share) => sum + share, 0)
  const alpha = shares[0]! / total
  const spec = attack === undefined ? undefined : specOf(attack, alpha, flags)
  const options: MinerLevelOptions = {
    ...{ seed, shares, blocks },
    targetIntervalMs: intervalOf(flags.interval),
    delayMs: delayOf(flags.delay),
    retarget: flags.retarget ? 'bitcoin' : 'none',
    ...(spec !== undefined && { attack: { strategy: strategyOf(spec), miner: 0, gamma } }),
  }
  return { options, names, replications, spec, alpha, gamma, note: noteOf(flags) }
}

/** Who mines. An attacker whose share is given comes first, and the others share the rest. */
function minersOf({ pools, shares, attack, alpha }: MineFlags): {
  shares: number[]
  names: string[]
} {
  if (pools !== undefined && shares !== undefined) {
    throw new MineUsageError('--pools and --shares both say who mines: give one of them.')
  }
  const others = shares === undefined ? published(pools) : listed(shares)
  if (alpha === undefined) return others
  if (attack === undefined) throw new MineUsageError('--alpha is the share of an --attack.')
  const total = others.shares.reduce((sum, share) => sum + share, 0)
  return {
    shares: [alpha, ...others.shares.map((share) => (share / total) * (1 - alpha))],
    names: ['attacker', ...others.names],
  }
}

function listed(text: string): { shares: number[]; names: string[] } {
  const shares = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (shares.every((share) => share >= 0 && share < Infinity) && shares.some((each) => each > 0)) {
    return { shares, names: shares.map((_, miner) => `miner ${miner}`) }
  }
  throw new MineUsageError(`--shares are numbers with commas between them, not '${text}'.`)
}

/** How far shares may be from 1 in all without a word, as published ones are rounded. */
const sumTolerance = 0.005

/** What is said of shares that do not sum to 1, so that a slip is not taken without a word. */
function noteOf({ shares: text }: MineFlags): string | undefined {
  if (text === undefined) return undefined
  const { shares } = listed(text)
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (Math.abs(total - 1) <= sumTolerance) return undefined
  const sum = Number(total.toPrecision(6))
  const parts = shares.slice(0, 8).map((share) => Number((share / total).toPrecision(3)))
  const more = shares.length > 8 ? ', …' : ''
  return `--shares sum to ${sum}, not 1; taken in proportion: ${parts.join(', ')}${more}`
}

function published(year = '2025'): { shares: number[]; names: string[] } {
  if (!Object.hasOwn(poolShares, year)) {
    const years = Object.keys(poolShares).join(', ')
    throw new MineUsageError(`--pools is one of ${years}, not '${year}'.`)
  }
  const entry = poolShares[year as unknown as keyof typeof poolShares]
  const { shares } = entry
  const names = 'names' in entry ? entry.names : shares.map((_, index) => `pool ${index}`)
  return { shares: [...shares], names: [...names] }
}

function specOf(kind: string, alpha: number, flags: MineFlags): StrategyOption {
  switch (kind) {
    case 'honest':
    case 'selfish':
    case 'majority':
      return { kind }
    case 'optimal':
      if (alpha >= 0.5) {
        throw new MineUsageError('An optimal policy exists for an --alpha below 0.5.')
      }
      return { kind, alpha, gamma: flags.gamma ?? 0 }
    case 'double-spend':
      return { kind, confirmations: flags.confirmations, premined: flags.premined }
    case 'feather-fork': {
      const { targetShare = 0.01, giveUp } = flags
      if (!(targetShare >= 0 && targetShare <= 1)) {
        throw new MineUsageError(`--target-share is from 0 to 1, not ${targetShare}.`)
      }
      return { kind, targetShare, giveUpConfirmations: giveUp }
    }
    default: {
      const known = strategyKinds.filter((each) => each !== 'policy').join(', ')
      throw new MineUsageError(`--attack is one of ${known}, not '${kind}'.`)
    }
  }
}

function spanOf(flag: string, text: string): number {
  const span = text === '0' ? 0 : parseDuration(text)
  if (span !== undefined) return span
  throw new MineUsageError(`${flag} is a span such as 2s or 150ms, not '${text}'.`)
}

function intervalOf(text: string): number {
  const span = spanOf('--interval', text)
  if (span > 0) return toMs(span)
  throw new MineUsageError(`--interval is a span above 0 such as 600s or 150ms, not '${text}'.`)
}

/** `2s`, `exponential:2s`, or `lognormal:2s:0.6` with a median and a sigma. */
function delayOf(text: string): Distribution {
  const [kind, span, sigma, ...more] = text.includes(':') ? text.split(':') : ['constant', text]
  const value = toMs(spanOf('--delay', span ?? ''))
  if (kind === 'constant' && sigma === undefined) return { kind, value }
  if (kind === 'exponential' && sigma === undefined && value > 0) return { kind, mean: value }
  if (kind === 'lognormal' && Number(sigma) >= 0 && more.length === 0 && value > 0) {
    return { kind, median: value, sigma: Number(sigma) }
  }
  throw new MineUsageError(
    `--delay is a span, exponential:<mean> or lognormal:<median>:<sigma>, not '${text}'.`,
  )
}
