import { BaseError } from '@counterpoise/engine'
import { highestEpoch } from './epochs.ts'

/** Thrown where a run would have more epochs than views can be written for. */
export class EpochLimitError extends BaseError {
  override name = 'EpochLimitError' as const

  constructor(epochBlocks: number) {
    super(`A run has ${highestEpoch + 1} epochs at most.`, {
      metaMessages: [
        `Blocks per epoch: ${epochBlocks}.`,
        'Make epochs longer (epochBlocks) or the run shorter.',
      ],
    })
  }
}

/** Thrown where a change of the committee names nobody. */
export class MembershipError extends BaseError {
  override name = 'MembershipError' as const

  constructor(member: number, size: number) {
    super(`A change of the committee names member ${member}, whom the network does not have.`, {
      metaMessages: [
        `Members: 0 to ${size - 1}, those that only follow included.`,
        'Who is to join later takes part from the start with a weight of 0.',
      ],
    })
  }
}
