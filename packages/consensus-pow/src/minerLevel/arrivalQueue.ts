import type { Time } from '@counterpoise/engine'

/** Blocks on their way to one receiver, who gets them in order of arrival, then of number. */
export type ArrivalQueue = {
  push: (time: Time, block: number) => void
  /** Hands over what arrives up to a time. */
  deliver: (now: Time) => void
}

export function createArrivalQueue(receive: (block: number, time: Time) => void): ArrivalQueue {
  const times: Time[] = []
  const blocks: number[] = []
  return {
    push: (time, block) => {
      let place = times.length
      while (place > 0 && times[place - 1]! > time) place--
      times.splice(place, 0, time)
      blocks.splice(place, 0, block)
    },
    deliver: (now) => {
      while (times.length > 0 && times[0]! <= now) receive(blocks.shift()!, times.shift()!)
    },
  }
}
