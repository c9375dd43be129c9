/** Gives transactions their places in sequences of nonces: the lowest that no other one has. */
export type NoncePlaces = {
  take: (sequence: number) => number
  /** A transaction of that place will never be in a block. */
  giveBack: (sequence: number, place: number) => void
}

export function createNoncePlaces(): NoncePlaces {
  const next = new Map<number, number>()
  /** Places given back, highest first. */
  const free = new Map<number, number[]>()
  return {
    take: (sequence) => {
      const freed = free.get(sequence)?.pop()
      if (freed !== undefined) return freed
      const place = next.get(sequence) ?? 0
      next.set(sequence, place + 1)
      return place
    },
    giveBack: (sequence, place) => {
      const freed = free.get(sequence) ?? []
      freed.push(place)
      free.set(sequence, freed.sort((one, other) => other - one))
    },
  }
}
