import { toSeconds } from '@counterpoise/engine'
import type { CommitteeRecords } from '@counterpoise/rails'
import type { CommitteeFigures } from './executionResults.ts'

/** Who decides at the end, and how that came about. */
export function committeeOf({ ends, initial, names }: CommitteeRecords): CommitteeFigures {
  let weights = initial
  const changes: CommitteeFigures['changes'] = []
  for (const end of ends) {
    const before = weights
    weights = end.weights
    const joined = names.filter((_, k) => before[k] === 0 && weights[k]! > 0)
    const left = names.filter((_, k) => before[k]! > 0 && weights[k] === 0)
    if (joined.length + left.length === 0) continue
    changes.push({ at_s: toSeconds(end.time), height: end.height, joined, left })
  }
  const validators = names.filter((_, k) => weights[k]! > 0)
  return {
    validators,
    size: validators.length,
    epochs: ends.length,
    failed_ceremonies: ends.filter(({ succeeded }) => !succeeded).length,
    changes,
  }
}
