import type { Time } from '@counterpoise/engine'
import type { NodeId } from './places.ts'

/** A copy that a cut holds; its slot is retained. */
export type HeldCopy = { from: NodeId; to: NodeId; slot: number; delay: Time }

/** The copies that cuts hold, in the order in which they will be let go. */
export type HeldCopies = {
  /** A copy that met the cut when it was sent; its way will take `delay` µs. */
  holdSent: (copy: HeldCopy) => void
  /** A copy that met the cut when it was about to arrive. */
  holdArrived: (copy: HeldCopy) => void
  /** Lets go of those on links that are free again. */
  letGo: (isFree: (from: NodeId, to: NodeId) => boolean) => void
  /** The node is down: what it could not send is lost. */
  clear: (node: NodeId) => void
  count: () => number
  /** Forgets all, as if there had been none. */
  reset: () => void
}

export type HeldCopiesOptions = {
  /** Sends a copy on its way. */
  send: (copy: HeldCopy) => void
  /** Hands a copy over at once. */
  arrive: (copy: HeldCopy) => void
  drop: (slot: number) => void
}

export function createHeldCopies({ send, arrive, drop }: HeldCopiesOptions): HeldCopies {
  let sent: HeldCopy[] = []
  let arrived: HeldCopy[] = []

  /** Takes out the copies for which a question is answered with yes, in order. */
  const taken = (copies: HeldCopy[], is: (copy: HeldCopy) => boolean): [HeldCopy[], HeldCopy[]] => [
    copies.filter(is),
    copies.filter((copy) => !is(copy)),
  ]

  return {
    holdSent: (copy) => sent.push(copy),
    holdArrived: (copy) => arrived.push(copy),
    letGo: (isFree) => {
      const is = ({ from, to }: HeldCopy): boolean => isFree(from, to)
      const [first, stayArrived] = taken(arrived, is)
      const [second, staySent] = taken(sent, is)
      arrived = stayArrived
      sent = staySent
      // What met a cut on arrival was sent before it began, so before all that it held on sending.
      first.forEach(arrive)
      second.forEach(send)
    },
    clear: (node) => {
      const [lost, rest] = taken(sent, ({ from }) => from === node)
      sent = rest
      for (const { slot } of lost) drop(slot)
    },
    count: () => sent.length + arrived.length,
    reset: () => {
      sent = []
      arrived = []
    },
  }
}
