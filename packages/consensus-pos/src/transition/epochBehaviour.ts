import { ValidatorGroupError } from './validatorGroup.ts'

/** What the validators of a group do, epoch by epoch. */
export type EpochBehaviour =
  | { kind: 'online' }
  /** Silent from an epoch on, up to another one. */
  | { kind: 'offline'; from?: number | undefined; until?: number | undefined }
  /** Active in one epoch of `period`: the one whose number leaves `offset`. */
  | { kind: 'alternating'; period: number; offset: number }
  /**
   * A share of the members votes in time, 0 to 1, as evenly over time as whole numbers allow.
   * Source and head may have shares of their own; head ≤ target ≤ source.
   */
  | {
      kind: 'share'
      target: number
      source?: number | undefined
      head?: number | undefined
    }

/** Members with timely votes. */
export type Timely = { source: number; target: number; head: number }

/** The share of the members that is up, 0 to 1. */
export function presence(behaviour: EpochBehaviour, epoch: number): number {
  switch (behaviour.kind) {
    case 'online':
      return 1
    case 'offline': {
      const { from = 0, until = Number.POSITIVE_INFINITY } = behaviour
      return epoch >= from && epoch < until ? 0 : 1
    }
    case 'alternating':
      return epoch % behaviour.period === behaviour.offset ? 1 : 0
    case 'share':
      return behaviour.source ?? behaviour.target
  }
}

/** How many of `count` members have timely votes in an epoch, written into `timely`. */
export function voteTimely(
  behaviour: EpochBehaviour,
  epoch: number,
  count: number,
  timely: Timely,
): void {
  if (behaviour.kind !== 'share') {
    const members = presence(behaviour, epoch) * count
    timely.source = members
    timely.target = members
    timely.head = members
    return
  }
  const { target, source = target, head = target } = behaviour
  timely.source = spread(source, epoch, count)
  timely.target = Math.min(timely.source, spread(target, epoch, count))
  timely.head = Math.min(timely.target, spread(head, epoch, count))
}

/** Whole numbers whose running sum follows share · count · epochs. */
const spread = (share: number, epoch: number, count: number): number =>
  Math.floor((epoch + 1) * count * share) - Math.floor(epoch * count * share)

/** @throws ValidatorGroupError for a behaviour that cannot be. */
export function checkBehaviour(behaviour: EpochBehaviour, path: string): void {
  if (behaviour.kind === 'alternating') {
    const { period, offset } = behaviour
    if (!Number.isInteger(period) || period < 1) {
      throw new ValidatorGroupError(`${path}.period`, 'an integer of at least 1', period)
    }
    if (!Number.isInteger(offset) || offset < 0 || offset >= period) {
      throw new ValidatorGroupError(`${path}.offset`, `an integer from 0 to ${period - 1}`, offset)
    }
  }
  if (behaviour.kind === 'offline') {
    const { from = 0, until = Number.POSITIVE_INFINITY } = behaviour
    if (until < from) throw new ValidatorGroupError(`${path}.until`, `at least ${from}`, until)
  }
  if (behaviour.kind !== 'share') return
  const { target, source = target, head = target } = behaviour
  const shares = [
    ['source', source, 1],
    ['target', target, source],
    ['head', head, target],
  ] as const
  for (const [name, share, most] of shares) {
    if (share >= 0 && share <= most) continue
    throw new ValidatorGroupError(`${path}.${name}`, `a share from 0 to ${most}`, share)
  }
}
