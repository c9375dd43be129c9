import type { Time } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Behaviour } from '../cluster.ts'
import type { Replica, ReplicaContext } from '../contract.ts'

/** One message on its way out; `to` is −1 for all others. */
export type Outgoing = { to: NodeId; message: unknown; bytes: number }

/** A context whose messages go through a function, which may pass them on by `post`. */
export function withOutgoing<message>(
  context: ReplicaContext<message>,
  handle: (outgoing: Outgoing, post: (outgoing: Outgoing) => void) => void,
): ReplicaContext<message> {
  const post = ({ to, message, bytes }: Outgoing): void => {
    if (to === -1) context.broadcast(message as message, bytes)
    else context.send(to, message as message, bytes)
  }
  return {
    ...context,
    send: (to, message, bytes) => handle({ to, message, bytes }, post),
    broadcast: (message, bytes) => handle({ to: -1, message, bytes }, post),
  }
}

/** Members other than oneself, ascending. */
export function othersOf({ committee, self }: ReplicaContext<any>): NodeId[] {
  return Array.from({ length: committee.size }, (_, node) => node).filter((node) => node !== self)
}

/**
 * The block that a message speaks of, or −1. Protocols whose messages carry it as `block` can be
 * lied about; of others only silence, delay and repetition make sense.
 */
export function blockOf(message: unknown): BlockId {
  const block = (message as { block?: unknown } | null)?.block
  return typeof block === 'number' && block > 0 ? block : -1
}

/** The same message of another block. */
export function about(message: unknown, block: BlockId): unknown {
  return Object.freeze({ ...(message as object), block })
}

/** Timers of behaviours, far from those of protocols. */
const firstTimer = 64

/** Delays that a behaviour needs, on timers of the replica that it wraps. */
export type Later = {
  after: (delay: Time, act: () => void) => void
  /** The replica, with the timers of the behaviour kept from it. */
  wrap: <message>(replica: Replica<message>) => Replica<message>
}

export function createLater(context: ReplicaContext<any>): Later {
  const acts: ((() => void) | undefined)[] = []
  return {
    after: (delay, act) => {
      let slot = acts.indexOf(undefined)
      if (slot < 0) slot = acts.length
      acts[slot] = act
      context.setTimer(firstTimer + slot, delay)
    },
    wrap: (replica) => ({
      ...replica,
      expire: (timer) => {
        if (timer < firstTimer) replica.expire(timer)
        else {
          const act = acts[timer - firstTimer]
          acts[timer - firstTimer] = undefined
          act?.()
        }
      },
    }),
  }
}

/** A behaviour that only changes what goes out. */
export function outgoing(
  createHandler: (
    context: ReplicaContext<any>,
  ) => (outgoing: Outgoing, post: (outgoing: Outgoing) => void) => void,
): Behaviour {
  return (honest, context) => honest(withOutgoing(context, createHandler(context)))
}
