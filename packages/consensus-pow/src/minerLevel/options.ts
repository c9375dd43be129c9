import { ms } from '@counterpoise/engine'
import type { Attack } from '../attacks/attack.ts'
import type { DelayOption } from './delays.ts'
import { MinerLevelError } from './errors.ts'

/** Some miners hear nothing of the others for a while, and the others nothing of them. */
export type Eclipse = {
  /** Numbers of the miners that are cut off together. */
  victims: readonly number[]
  /** From when, ms of virtual time. */
  fromMs: number
  /** For how long, ms. */
  forMs: number
}

/** The hash rate changes at a time: of one miner, or of all where none is named. */
export type HashRateChange = {
  atMs: number
  /** What the hash rate is multiplied by; 0 switches it off. */
  factor: number
  miner?: number | undefined
}

export type MinerLevelOptions = {
  seed?: string | undefined
  /** Number of the replication, from 0. */
  replication?: number | undefined
  /** Hash-rate shares, in any unit. */
  shares: readonly number[]
  /** Blocks to find, stale ones included. */
  blocks: number
  /** Mean time between blocks at difficulty 1 and the hash rate at the start, ms; 600,000. */
  targetIntervalMs?: number | undefined
  /** From a miner's finding a block to another miner's hearing of it, ms; 0 by default. */
  delayMs?: DelayOption | undefined
  /** `none` by default: the difficulty stays 1. */
  retarget?: 'none' | 'bitcoin' | undefined
  /** Blocks between retargets, whose measured intervals are one less; 2016. */
  retargetInterval?: number | undefined
  /** By how much one retarget changes the difficulty at most, a factor; 4. */
  retargetClampFactor?: number | undefined
  hashRateChanges?: readonly HashRateChange[] | undefined
  /** Miners that are cut off for a while; spans that do not overlap, in order of time. */
  eclipses?: readonly Eclipse[] | undefined
  /** What one of the miners does instead of following the rules. */
  attack?: Attack | undefined
  /** Miners that throw away the blocks they find, e.g. infiltrated into a pool to hurt it. */
  discards?: readonly number[] | undefined
  /** Miners whose blocks leave some payments out: all of them, or those of some accounts. */
  omits?: readonly number[] | undefined
  /**
   * Who found a block when, instead of drawing it: a run of the message level, or a log. Shares
   * and hash-rate changes then decide nothing, and the run ends with the last of them.
   */
  finds?: Finds | undefined
  /** Keep all blocks, for a figure or for a comparison; default false. */
  tree?: boolean | undefined
}

/** Blocks in the order in which they were found: numbers of miners, and µs of virtual time. */
export type Finds = { finders: ArrayLike<number>; times: ArrayLike<number> }

/** Options with every default in its place. */
export type CompleteOptions = {
  [key in Exclude<keyof MinerLevelOptions, Absent>]-?: Exclude<MinerLevelOptions[key], undefined>
} & Pick<MinerLevelOptions, Absent>

/** What has no default. */
type Absent = 'attack' | 'finds'

/** Blocks of one run at most: numbers of blocks have 31 bits. */
const blocksMax = 2_000_000_000

/**
 * Fills in the defaults.
 *
 * @throws MinerLevelError where an option cannot be.
 */
export function completeOptions(options: MinerLevelOptions): CompleteOptions {
  const complete: CompleteOptions = {
    seed: options.seed ?? 'miners',
    replication: options.replication ?? 0,
    shares: options.shares,
    blocks: options.blocks,
    targetIntervalMs: options.targetIntervalMs ?? 600_000,
    delayMs: options.delayMs ?? { kind: 'constant', value: 0 },
    retarget: options.retarget ?? 'none',
    retargetInterval: options.retargetInterval ?? 2016,
    retargetClampFactor: options.retargetClampFactor ?? 4,
    hashRateChanges: options.hashRateChanges ?? [],
    eclipses: options.eclipses ?? [],
    discards: options.discards ?? [],
    omits: options.omits ?? [],
    tree: options.tree ?? false,
    attack: options.attack,
    finds: options.finds,
  }
  check(complete)
  return complete
}

function check(options: CompleteOptions): void {
  const { shares, blocks, targetIntervalMs, retargetInterval, retargetClampFactor } = options
  const total = shares.reduce((sum, share) => sum + share, 0)
  expectThat(
    shares.length > 0 && shares.every((share) => share >= 0) && total > 0 && total < Infinity,
    'Shares of the hash rate are numbers of at least 0, one of them above 0.',
    shares.join(', '),
  )
  expectThat(
    Number.isSafeInteger(blocks) && blocks > 0 && blocks <= blocksMax,
    `The number of blocks is whole, from 1 to ${blocksMax}.`,
    blocks,
  )
  expectThat(ms(targetIntervalMs) >= 1, 'The interval is at least 0.001 ms.', targetIntervalMs)
  expectThat(
    Number.isSafeInteger(retargetInterval) && retargetInterval >= 2,
    'Retargets are at least 2 blocks apart.',
    retargetInterval,
  )
  expectThat(retargetClampFactor >= 1, 'The clamp is a factor of at least 1.', retargetClampFactor)
  for (const { atMs, factor, miner } of options.hashRateChanges) {
    expectThat(atMs >= 0 && atMs < Infinity, 'The hash rate changes at a time from 0 on.', atMs)
    expectThat(factor >= 0 && factor < Infinity, 'A factor of at least 0 changes it.', factor)
    if (miner !== undefined) expectMiner(miner, shares.length)
  }
  for (const miner of [...options.discards, ...options.omits]) expectMiner(miner, shares.length)
  checkAttack(options)
  let end = 0
  for (const { victims, fromMs, forMs } of options.eclipses) {
    for (const victim of victims) expectMiner(victim, shares.length)
    expectThat(fromMs >= end && forMs >= 0, 'Eclipses follow one another.', `${fromMs} ${forMs}`)
    end = fromMs + forMs
  }
}

function checkAttack({ attack, shares }: CompleteOptions): void {
  if (attack === undefined) return
  for (const miner of [attack.miner, ...(attack.allies ?? [])]) expectMiner(miner, shares.length)
  const { gamma = 0, strategy } = attack
  expectThat(gamma >= 0 && gamma <= 1, 'Gamma is a share, from 0 to 1.', gamma)
  const { targetShare = 0 } = strategy
  expectThat(targetShare >= 0 && targetShare <= 1, 'A share is from 0 to 1.', targetShare)
}

export function expectMiner(miner: number, miners: number): void {
  expectThat(
    Number.isSafeInteger(miner) && miner >= 0 && miner < miners,
    `A miner is named by its number, 0 to ${miners - 1}.`,
    miner,
  )
}

export function expectThat(holds: boolean, expected: string, found: unknown): void {
  if (!holds) throw new MinerLevelError(expected, [`Found: ${String(found)}`])
}
