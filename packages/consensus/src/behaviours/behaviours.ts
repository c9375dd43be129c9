import type { Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Behaviour } from '../cluster.ts'
import type { BlockHeader, ReplicaContext } from '../contract.ts'
import {
  about,
  blockOf,
  createLater,
  othersOf,
  type Outgoing,
  outgoing,
  withOutgoing,
} from './wrap.ts'

/** What a member may lie about; the model says it (`isOwnWord`). */
export type IsOwnWord = (message: any) => boolean

/** Both at once: what it says by the second goes out by the first. */
export const both =
  (first: Behaviour, second: Behaviour): Behaviour =>
  (honest, context) =>
    first((changed) => second(honest, changed), context)

/** Hears everything and says nothing. */
export const silent = (): Behaviour => outgoing(() => () => {})

/** All that it says leaves later, by a constant time. */
export function slow(delay: Time): Behaviour {
  return (honest, context) => {
    const later = createLater(context)
    const changed = withOutgoing(context, (item, post) => later.after(delay, () => post(item)))
    return later.wrap(honest(changed))
  }
}

/** Talks only to some members. */
export function selectiveSender(to: readonly NodeId[]): Behaviour {
  return outgoing((context) => (item, post) => {
    const chosen = item.to === -1 ? othersOf(context) : [item.to]
    for (const member of chosen) if (to.includes(member)) post({ ...item, to: member })
  })
}

/** Proposes, but votes for nobody else's block. */
export const voteWithholder = (isOwnWord: IsOwnWord): Behaviour =>
  outgoing((context) => (item, post) => {
    const block = blockOf(item.message)
    const isOwn = block < 0 || context.blocks.proposer(block) === context.self
    if (isOwn || !isOwnWord(item.message)) post(item)
  })

/**
 * As a leader it makes two blocks instead of one; the members of a side, by default those with an
 * even number, hear of the one, the others of its twin. Its votes for its own block are split
 * likewise.
 */
export function equivocatingLeader(isOwnWord: IsOwnWord, side?: readonly NodeId[]): Behaviour {
  const isOn = (member: NodeId): boolean => side?.includes(member) ?? member % 2 === 0
  return (honest, context) => {
    const twins = new Map<BlockId, BlockId>()
    const changed = withOutgoing(context, (item, post) => {
      const twin = twins.get(blockOf(item.message))
      if (twin === undefined || !isOwnWord(item.message)) post(item)
      else {
        const other = about(item.message, twin)
        for (const to of item.to === -1 ? othersOf(context) : [item.to]) {
          post({ ...item, to, message: isOn(to) ? item.message : other })
        }
      }
    })
    return honest({
      ...changed,
      build: (parent, header) => {
        const block = context.build(parent, header)
        if (block >= 0) twins.set(block, context.build(parent, header))
        return block
      },
    })
  }
}

/** Rounds that a double voter remembers. */
const roundsMax = 64

/**
 * Votes for every block of a round that it hears of, besides the one of its choice: for those that
 * it knows when it votes, and for the others when it hears of them.
 */
export function doubleVoter(isOwnWord: IsOwnWord): Behaviour {
  return (honest, context) => {
    type Known = { blocks: BlockId[]; votes: [Outgoing, (outgoing: Outgoing) => void][] }
    const rounds = new Map<number, Known>()
    const knownOf = (block: BlockId): Known => {
      const round = context.blocks.round(block)
      const known = rounds.get(round) ?? { blocks: [], votes: [] }
      rounds.set(round, known)
      for (const old of rounds.keys()) {
        if (rounds.size <= roundsMax) break
        rounds.delete(old)
      }
      return known
    }
    const note = (message: unknown): void => {
      const block = blockOf(message)
      if (block < 0) return
      const { blocks, votes } = knownOf(block)
      if (blocks.includes(block)) return
      blocks.push(block)
      for (const [item, post] of votes) post({ ...item, message: about(item.message, block) })
    }
    const changed = withOutgoing(context, (item, post) => {
      post(item)
      const block = blockOf(item.message)
      if (block < 0 || !isOwnWord(item.message)) return
      const { blocks, votes } = knownOf(block)
      for (const other of blocks) {
        if (other !== block) post({ ...item, message: about(item.message, other) })
      }
      if (!blocks.includes(block)) blocks.push(block)
      votes.push([item, post])
    })
    const replica = honest(changed)
    return {
      ...replica,
      receive: (from, message) => {
        note(message)
        replica.receive(from, message)
      },
    }
  }
}

/** Says, besides each message, one again that it has said before: the `age`th before it. */
export function replayer(age: number): Behaviour {
  return outgoing(() => {
    const said: Outgoing[] = []
    return (item, post) => {
      post(item)
      said.push(item)
      if (said.length > age) post(said.shift()!)
    }
  })
}

/**
 * Its clock is ahead (or behind, below 0) by a constant time, and its blocks say so. Timers, which
 * measure spans, are right.
 */
export function skewedClock(offset: Time): Behaviour {
  return (honest, context) => {
    const now = (): Time => Math.max(0, context.now() + offset)
    return honest({
      ...context,
      now,
      build: (parent, header) => context.build(parent, { time: now(), ...header }),
    })
  }
}

/** As a leader it leaves payments from and to some accounts, or everything, out of its blocks. */
export function censoringLeader(omits: NonNullable<BlockHeader['omits']>): Behaviour {
  return (honest, context) =>
    honest({
      ...context,
      build: (parent, header) => context.build(parent, { ...header, omits }),
    })
}

/** As a leader it builds on what it likes, whatever certificates it should have for that. */
export function strayLeader(
  choose: (parent: BlockId, round: number, blocks: BlockStore) => BlockId,
): Behaviour {
  return (honest, context) =>
    honest({
      ...context,
      build: (parent, header) => {
        const { blocks } = context
        return context.build(choose(parent, header.round ?? 0, blocks), header)
      },
    })
}

/**
 * Two replicas with one key: one talks with the members of a side, the other with those of another
 * side, by default the rest. Each follows the protocol; together they contradict themselves. Those
 * that share the behaviour conspire: the replicas of one side hear each other and not the others.
 */
export function twin(side: readonly NodeId[], otherSide?: readonly NodeId[]): Behaviour {
  return pairOf(side, otherSide, 1)
}

/**
 * Two replicas with one key that hear and tell everybody; the timers of one of them run out after
 * a share of their time. It gives rounds up in which the other votes.
 */
export const selfContradictor = (share: number): Behaviour => pairOf(undefined, undefined, share)

/** @param side members that the first replica talks with; all where both sides are left out. */
function pairOf(
  side: readonly NodeId[] | undefined,
  otherSide: readonly NodeId[] | undefined,
  share: number,
): Behaviour {
  const sentBy = new WeakMap<object, number>()
  const isOn = (which: number, member: NodeId): boolean => {
    if (side === undefined) return true
    if (which === 0) return side.includes(member)
    return otherSide?.includes(member) ?? !side.includes(member)
  }
  const shorter = (which: number, delay: Time): Time =>
    which === 0 ? delay : Math.ceil(delay * share)
  return (honest, context) => {
    const partOf = (which: number): ReplicaContext<any> => ({
      ...withOutgoing(context, (item, post) => {
        sentBy.set(item.message as object, which)
        for (const to of item.to === -1 ? othersOf(context) : [item.to]) {
          if (isOn(which, to)) post({ ...item, to })
        }
      }),
      random: (purpose) => context.random(`${purpose}/twin ${which}`),
      setTimer: (timer, delay) =>
        context.setTimer(timer * 2 + which, shorter(which, delay)),
      clearTimer: (timer) => context.clearTimer(timer * 2 + which),
    })
    const pair = [honest(partOf(0)), honest(partOf(1))] as const
    return {
      ...pair[0],
      start: () => pair.forEach((replica) => replica.start()),
      receive: (from, message) => {
        const only = sentBy.get(message as object)
        pair.forEach((replica, which) => {
          if (isOn(which, from) && (only ?? which) === which) replica.receive(from, message)
        })
      },
      expire: (timer) => pair[timer % 2]!.expire(Math.floor(timer / 2)),
      recover: () => pair.forEach((replica) => replica.recover()),
    }
  }
}
