import type { Behaviour } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import { conductTimer, type Seat } from '../conduct.ts'
import type { Coalition } from './coalition.ts'
import { conducting } from './conductOf.ts'

export type EclipseOptions = {
  /** From when, ms of virtual time. */
  fromMs: number
  /** For how long, ms. */
  forMs: number
  /** Whose branch the victims work on meanwhile; without one, they go on by themselves. */
  coalition?: Coalition | undefined
}

const timers = { begin: conductTimer, end: conductTimer + 1 } as const

/**
 * Miners all of whose connections belong to an attacker for a while. They hear nothing of the
 * others, and the others nothing of them. Either they go on together on what they had, and come out
 * with their blocks when it is over; or they are shown a coalition's branch and work on it.
 *
 * @see E. Heilman et al., Eclipse attacks on Bitcoin's peer-to-peer network, 2015.
 */
export function createEclipse({ fromMs, forMs, coalition }: EclipseOptions): Behaviour {
  const [from, until] = [ms(fromMs), ms(fromMs + forMs)]
  const victims = new Set<Seat>()

  return conducting(({ now, setTimer }) => {
    let seat: Seat
    let kept: BlockId[] = []
    const isCut = (): boolean => now() >= from && now() < until

    const begin = (): void => {
      victims.add(seat)
      coalition?.enlist(seat)
      setTimer(timers.end, until - now())
    }
    const end = (): void => {
      victims.delete(seat)
      coalition?.dismiss(seat)
      for (const block of kept) seat.publish(block)
      kept = []
      seat.work()
      seat.catchUp()
    }

    return {
      join: (joined) => {
        seat = joined
      },
      start: () => {
        if (now() < until) setTimer(timers.begin, Math.max(0, from - now()))
      },
      expire: (timer) => (timer === timers.begin ? begin() : end()),
      listens: () => !isCut(),
      tip: (head) => (coalition !== undefined && isCut() ? coalition.tip() : head),
      found: (block) => {
        if (!isCut()) seat.publish(block)
        else if (coalition !== undefined) coalition.find(block, now())
        else {
          kept.push(block)
          for (const victim of victims) {
            victim.learn(block)
            victim.adopt(block)
          }
        }
      },
    }
  })
}
