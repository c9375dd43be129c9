import type { Behaviour } from '@counterpoise/consensus'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Seat } from '../conduct.ts'
import type { AttackResult, Strategy } from './attack.ts'
import { conducting } from './conductOf.ts'
import { createStrategist, type Strategist } from './strategist.ts'

/** One attempt that has come to an end. */
export type Attempt = {
  isSuccess: boolean
  /** The first block of the others' branch in it; with a double spend, the one that pays. */
  firstOther: BlockId | undefined
}

export type CoalitionOptions = {
  strategy: Strategy
  /** Whether a block of others has what the coalition wants to see gone; no block without it. */
  isTarget?: ((block: BlockId) => boolean) | undefined
  onEnd?: ((attempt: Attempt) => void) | undefined
}

/**
 * Members that carry out one strategy together, message by message. What one of them finds or
 * hears of, all know at once; a block that they show leaves the node that has found it.
 */
export type Coalition = {
  /** Makes a member of whoever has it. */
  behaviour: Behaviour
  /** Lets others work for it: what they find counts as its own, until they leave. */
  enlist: (seat: Seat) => void
  dismiss: (seat: Seat) => void
  tip: () => BlockId
  find: (block: BlockId, now: number) => void
  /** While two public branches are level: its block and that of the others. */
  race: () => readonly [own: BlockId, other: BlockId] | undefined
  result: () => AttackResult
}

export function createCoalition(options: CoalitionOptions): Coalition {
  const { strategy, isTarget = () => false, onEnd } = options
  const seats: Seat[] = []
  const helpers = new Set<Seat>()
  /** What has been found and not been shown. */
  const hidden = new Set<BlockId>()
  const own = new Set<BlockId>()
  let strategist: Strategist | undefined

  const everybody = (): Seat[] => [...seats, ...helpers]

  const publish = (blocks: BlockStore, block: BlockId): void => {
    hidden.delete(block)
    const finder = blocks.proposer(block)
    const sender = seats.find(({ self }) => self === finder) ?? seats[0]!
    for (const seat of seats) if (seat !== sender) seat.adopt(block)
    sender.publish(block)
  }

  const open = (blocks: BlockStore): Strategist =>
    (strategist ??= createStrategist({
      strategy,
      tree: {
        heightOf: blocks.height,
        workOf: blocks.totalWork,
        parentOf: blocks.parent,
        commonAncestor: blocks.commonAncestor,
        isHidden: (block) => hidden.has(block),
        publish: (block) => publish(blocks, block),
        isTarget,
        made: blocks.size,
      },
      onEnd: onEnd && ((isSuccess, firstOther) => onEnd({ isSuccess, firstOther })),
    }))

  const find = (block: BlockId, now: number): void => {
    hidden.add(block)
    own.add(block)
    for (const seat of everybody()) seat.learn(block)
    strategist!.find(block, now)
    for (const seat of everybody()) seat.work()
  }

  return {
    behaviour: conducting(({ blocks, now }) => {
      const { hear, ownTip } = open(blocks)
      return {
        join: (seat) => seats.push(seat),
        tip: ownTip,
        found: (block) => find(block, now()),
        heard: (block) => {
          if (own.has(block)) return
          hear(block, now())
          for (const seat of everybody()) seat.work()
        },
      }
    }),
    enlist: (seat) => {
      helpers.add(seat)
      seat.work()
    },
    dismiss: (seat) => {
      helpers.delete(seat)
    },
    tip: () => strategist!.ownTip(),
    find,
    race: () => strategist?.race(),
    result: () => strategist!.result(),
  }
}

/**
 * A miner that, when two branches are level and it has both, takes the coalition's block with a
 * probability γ and that of the others else, in place of the one that it saw first.
 *
 * @see I. Eyal and E. G. Sirer, Majority is not enough, 2014: γ.
 */
export function swayedBy(coalition: Coalition, gamma: number): Behaviour {
  return conducting((context) => {
    const stream = context.random('tie')
    return {
      choose: (tip, has) => {
        const race = coalition.race()
        if (race === undefined || !race.includes(tip) || !race.every(has)) return tip
        return stream.chance(gamma) ? race[0] : race[1]
      },
    }
  })
}

/** Of a list of nodes, those that are in no other list. */
export const without = (nodes: readonly NodeId[], others: readonly NodeId[]): NodeId[] =>
  nodes.filter((node) => !others.includes(node))
