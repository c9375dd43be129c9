import type { Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
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
 * As a leader it makes two blocks instead of one; members with an even number hear of the one,
 * the others of its twin. Its votes for its own block are split likewise.
 */
export function equivocatingLeader(isOwnWord: IsOwnWord): Behaviour {
  return (honest, context) => {
    const twins = new Map<BlockId, BlockId>()
    const changed = withOutgoing(context, (item, post) => {
      const twin = twins.get(blockOf(item.message))
      if (twin === undefined || !isOwnWord(item.message)) post(item)
      else {
        const other = about(item.message, twin)
        for (const to of item.to === -1 ? othersOf(context) : [item.to]) {
          post({ ...item, to, message: to % 2 === 0 ? item.message : other })
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

/**
 * Two replicas with one key: one talks with the members of a side, the other with those of another
 * side, by default the rest. Each follows the protocol; together they contradict themselves. Those
 * that share the behaviour conspire: the replicas of one side hear each other and not the others.
 */
export function twin(side: readonly NodeId[], otherSide?: readonly NodeId[]): Behaviour {
  const sentBy = new WeakMap<object, number>()
  const isOn = (which: number, member: NodeId): boolean =>
    which === 0 ? side.includes(member) : (otherSide?.includes(member) ?? !side.includes(member))
  return (honest, context) => {
    const partOf = (which: number): ReplicaContext<any> => ({
      ...withOutgoing(context, (item, post) => {
        sentBy.set(item.message as object, which)
        for (const to of item.to === -1 ? othersOf(context) : [item.to]) {
          if (isOn(which, to)) post({ ...item, to })
        }
      }),
      random: (purpose) => context.random(`${purpose}/twin ${which}`),
      setTimer: (timer, delay) => context.setTimer(timer * 2 + which, delay),
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
