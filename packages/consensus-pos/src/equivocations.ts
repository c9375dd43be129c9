import { type Attestation, sameVote } from './attestation.ts'
import { lowestBit } from './bits.ts'

export type EquivocationOptions = {
  /** Number of nodes. */
  size: number
  slotsPerEpoch: number
  /** A sub-committee, by slot and node, has contradicted itself for the first time. */
  onEquivocation: (slot: number, node: number) => void
}

/** Votes of a sub-committee that are kept, of different epochs. */
const keptMax = 3

/**
 * Watches for `is_slashable_attestation_data`: two votes of a sub-committee for one epoch that
 * differ, or one around the other. The last three votes are kept: older ones have older sources, or
 * the sub-committee was caught before, and what goes around one of them goes around a later one.
 *
 * @returns to be told of every vote once; again does no harm.
 */
export function watchEquivocations(options: EquivocationOptions): (vote: Attestation) => void {
  const { size, slotsPerEpoch, onEquivocation } = options
  const kept: (Attestation[] | undefined)[] = []
  const caught = new Uint8Array(size * slotsPerEpoch)

  const contradicts = (one: Attestation, other: Attestation): boolean => {
    if (one.target.epoch === other.target.epoch) return !sameVote(one, other)
    const [inner, outer] = one.target.epoch < other.target.epoch ? [one, other] : [other, one]
    return outer.source.epoch < inner.source.epoch
  }

  return (vote) => {
    const first = (vote.slot % slotsPerEpoch) * size
    const { voters } = vote
    for (let word = 0; word < voters.length; word++) {
      for (let rest = voters[word]!; rest !== 0; rest &= rest - 1) {
        const node = (word << 5) + lowestBit(rest)
        const index = first + node
        if (caught[index] === 1) continue
        const before = (kept[index] ??= [])
        if (before.some((other) => contradicts(other, vote))) {
          caught[index] = 1
          kept[index] = undefined
          onEquivocation(vote.slot, node)
          continue
        }
        if (before.some((other) => sameVote(other, vote))) continue
        before.push(vote)
        before.sort((a, b) => a.target.epoch - b.target.epoch)
        if (before.length > keptMax) before.shift()
      }
    }
  }
}
