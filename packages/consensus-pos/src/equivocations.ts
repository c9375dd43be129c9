import { type Attestation, sameVote } from './attestation.ts'
import { lowestBit } from './bits.ts'

export type EquivocationOptions = {
  /** Number of nodes. */
  size: number
  slotsPerEpoch: number
  /** A sub-committee, by slot and node, has contradicted itself for the first time. */
  onEquivocation: (slot: number, node: number) => void
}

/**
 * Watches for `is_slashable_attestation_data`: two votes of a sub-committee for one epoch that
 * differ, or one around the other. What it said last, and the latest source that it named, are
 * enough to find it out: of older votes each has an older source, or it was caught before.
 *
 * @returns to be told of every vote once; again does no harm.
 */
export function watchEquivocations(options: EquivocationOptions): (vote: Attestation) => void {
  const { size, slotsPerEpoch, onEquivocation } = options
  const last: (Attestation | undefined)[] = []
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
        const before = last[index]
        if (before === vote || caught[index] === 1) continue
        if (before !== undefined && contradicts(before, vote)) {
          caught[index] = 1
          last[index] = undefined
          onEquivocation(vote.slot, node)
        } else if (before === undefined || vote.target.epoch > before.target.epoch) {
          last[index] = vote
        }
      }
    }
  }
}
