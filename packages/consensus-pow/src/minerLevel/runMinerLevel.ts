import { createStream, ms, type StatefulStream, type Time, toMs } from '@counterpoise/engine'
import { createStrategist, type Strategist, targetMark } from '../attacks/strategist.ts'
import { attackedTree } from './attackedTree.ts'
import { createArrivalQueue } from './arrivalQueue.ts'
import { type Clock, createClock, replayClock } from './clock.ts'
import { createDelays } from './delays.ts'
import { createDifficultyRule } from './difficulty.ts'
import { type CompleteOptions, completeOptions, type MinerLevelOptions } from './options.ts'
import { RecentBlocks } from './recentBlocks.ts'
import type { MinerLevelResult } from './result.ts'
import { createSettlement, type Settlement } from './settlement.ts'
import { createTally, type Tally } from './tally.ts'
import { createTips, type Tips } from './tips.ts'
import { createTree } from './tree.ts'

/**
 * Mining without a network: who finds a block when is drawn, and when the block reaches the others
 * comes from a distribution. All miners follow the chain of most work, of equal work the first
 * seen, save an attacker. Each result follows from seed, replication and options alone.
 *
 * What a block's delay draws is the time until a miner has the block with all its ancestors.
 *
 * @throws MinerLevelError where an option cannot be.
 */
export function runMinerLevel(options: MinerLevelOptions): MinerLevelResult {
  const complete = completeOptions(options)
  const world = createWorld(complete)
  while (world.blocks.made <= complete.blocks && world.step());
  return world.end()
}

type World = { blocks: RecentBlocks; step: () => boolean; end: () => MinerLevelResult }

/** What the parts of a run share. */
type Frame = {
  options: CompleteOptions
  streamOf: (purpose: string) => StatefulStream
  clock: Clock
  blocks: RecentBlocks
  tally: Tally
  settlement: Settlement
  strategist: Strategist | undefined
  tips: Tips
}

function createFrame(options: CompleteOptions): Frame {
  const miners = options.shares.length
  const { seed, replication, attack } = options
  const streamOf = (purpose: string): StatefulStream =>
    createStream({ seed, replication, purpose: `miner level/${purpose}` })
  const delays = createDelays(options.delayMs, miners, options.eclipses, streamOf('delay'))
  const clock =
    options.finds === undefined
      ? createClock(options, streamOf('interval'), streamOf('finder'))
      : replayClock(options.finds)
  const blocks = new RecentBlocks(miners, delays.arrival)
  const tally = createTally(miners, ms(options.targetIntervalMs), options.omits)
  const strategist =
    attack && createStrategist({ strategy: attack.strategy, tree: attackedTree(blocks) })
  const side = sideOf(options)
  const settlement = createSettlement(blocks, tally, side)
  const tips = createTips({
    ...{ blocks, settlement, side },
    longest: delays.longest,
    held: strategist?.held ?? (() => []),
    gamma: attack?.gamma,
    tieStream: streamOf('tie'),
  })
  return { options, streamOf, clock, blocks, tally, settlement, strategist, tips }
}

/** Whose blocks are the attacker's: 1 for itself and its allies. */
function sideOf({ attack, shares }: CompleteOptions): Uint8Array {
  const side = new Uint8Array(shares.length)
  for (const each of attack === undefined ? [] : [attack.miner, ...(attack.allies ?? [])]) {
    side[each] = 1
  }
  return side
}

function createWorld(options: CompleteOptions): World {
  const frame = createFrame(options)
  const { streamOf, clock, blocks, tally, settlement, strategist, tips } = frame
  const thinning = streamOf('thinning')
  const targets = streamOf('target')
  const { attack } = options
  const targetShare = attack?.strategy.targetShare ?? 0
  const side = sideOf(options)
  const note = createDifficultyRule(options)
  note(blocks, 0)
  const tree = options.tree ? createTree(options.blocks) : undefined
  const heard = strategist === undefined ? undefined : createArrivalQueue(strategist.hear)
  const discards = Uint8Array.from(side, (_, each) => (options.discards.includes(each) ? 1 : 0))
  let discarded = 0

  const add = (parent: number, finder: number, isOwn: boolean): number => {
    const released = isOwn ? Number.POSITIVE_INFINITY : clock.now
    const block = blocks.append(parent, finder, clock.now, released)
    note(blocks, block)
    tally.find(finder)
    tree?.add(parent, finder, clock.now)
    tips.added(block, clock.now)
    return block
  }

  const publish = (block: number): void => {
    if (heard === undefined) return
    if (targetShare > 0 && targets.chance(targetShare)) {
      blocks.marks[block & blocks.mask]! |= targetMark
    }
    heard.push(blocks.arrivalAt(block, attack!.miner), block)
    heard.deliver(clock.now)
  }

  const step = (): boolean => {
    tips.tidy(clock.now)
    if (!clock.advance(tips.difficulty())) return false
    const { finder } = clock
    heard?.deliver(clock.now)
    const isOwn = side[finder] === 1
    const parent = isOwn ? strategist!.ownTip() : tips.headOf(finder, clock.now)
    const wanted = blocks.difficulties[parent & blocks.mask]!
    // The clock runs for the lightest branch; on a heavier one fewer hashes are a block.
    if (wanted > tips.difficulty() && !thinning.chance(tips.difficulty() / wanted)) return true
    if (discards[finder] === 1) {
      discarded++
      return true
    }
    const block = add(parent, finder, isOwn)
    if (isOwn) strategist!.find(block, clock.now)
    else publish(block)
    return true
  }

  return {
    blocks,
    step,
    end: () => {
      tips.settle(clock.now)
      const head = heaviestPublic(blocks, settlement.settled(), settlement.height())
      settlement.finish(head)
      return { ...resultOf(frame, discarded, head), ...(tree && { tree: tree.result(head) }) }
    },
  }
}

/** The block that the chain ends in: of what is published the heaviest, the oldest of equals. */
function heaviestPublic(blocks: RecentBlocks, settled: number, settledHeight: number): number {
  const { mask, newestAt, older, works, released } = blocks
  let best = settled
  for (let height = settledHeight + 1; height <= blocks.topHeight; height++) {
    for (let block = newestAt[height & mask]!; block >= 0; block = older[block & mask]!) {
      if (released[block & mask] === Number.POSITIVE_INFINITY) continue
      const difference = works[block & mask]! - works[best & mask]!
      if (difference > 0 || (difference === 0 && block < best)) best = block
    }
  }
  return best
}

function resultOf(
  { options, blocks, clock, tally, strategist }: Frame,
  discarded: number,
  head: number,
): MinerLevelResult {
  const found = blocks.made - 1
  const [chainBlocks, stale] = [tally.chainBlocks(), tally.stale()]
  const elapsed: Time = clock.now
  return {
    blocks: found,
    ...{ chainBlocks, stale, hidden: tally.hidden() },
    open: found - chainBlocks - stale,
    staleShare: chainBlocks + stale === 0 ? 0 : stale / (chainBlocks + stale),
    elapsedMs: toMs(elapsed),
    growth: elapsed === 0 ? 0 : (chainBlocks * ms(options.targetIntervalMs)) / elapsed,
    discarded,
    difficulty: blocks.difficulties[head & blocks.mask]!,
    miners: tally.miners(options.shares),
    intervals: tally.intervals(),
    inclusionIntervals: tally.inclusionIntervals(),
    reorganisations: tally.reorganisations(),
    ...(strategist && { attack: strategist.result() }),
  }
}
