import type { Member } from '@counterpoise/consensus'
import type { TempoOptions } from '@counterpoise/rails'
import { placeOf } from './placeOf.ts'
import type { ChainConfig } from './schema/rails.ts'
import type { ValidatorChangeConfig } from './schema/validatorChanges.ts'
import { listed, shown, suggestion } from './errors.ts'
import type { Problem } from './sourced.ts'

/** Those who become validators in the run: until then they follow the chain, without a vote. */
export function candidatesOf({ execution }: ChainConfig): Member[] {
  const changes = execution?.validatorChanges ?? []
  return changes.flatMap((change) =>
    change.what === 'remove' ? [] : [{ ...placeOf(change.member), weight: 0 }],
  )
}

/**
 * What the owner's transactions register, in the order of their times.
 *
 * @param validators All that ever are: those from the start, and then the candidates.
 */
export function registrationsOf(
  { execution }: ChainConfig,
  validators: readonly Member[],
): NonNullable<TempoOptions['validators']>['changes'] {
  const weights = validators.map(({ weight }) => weight)
  const place = (name: string): number => validators.findIndex((each) => each.name === name)
  return inOrder(execution?.validatorChanges ?? []).map((change) => {
    // One validator has one vote; who is replaced hands over what it has.
    const votes = change.what === 'rotate' ? weights[place(change.validator)]! : 1
    if (change.what !== 'add') weights[place(change.validator)] = 0
    if (change.what !== 'remove') weights[place(change.member.name)] = votes
    return { at: change.at, weights: [...weights] }
  })
}

const inOrder = (changes: readonly ValidatorChangeConfig[]): readonly ValidatorChangeConfig[] =>
  changes.toSorted((one, other) => one.at - other.at)

/**
 * Changes of validators who are none, or are there already, or that leave nobody.
 *
 * @param founders The validators at the start.
 * @param hasEpochs Whether the committee of the chain's consensus can change at all.
 */
export function validatorChangeProblems(
  { consensus, execution }: ChainConfig,
  founders: readonly Member[],
  hasEpochs: boolean,
): Problem[] {
  const changes = execution?.validatorChanges ?? []
  if (changes.length === 0) return []
  const here = (change: ValidatorChangeConfig): PropertyKey[] => [
    ...['execution', 'validatorChanges', changes.indexOf(change)],
  ]
  if (!hasEpochs) {
    const expected = 'a consensus whose epochs end: `simplex` with `epochBlocks` above 0'
    return [{ at: here(changes[0]!), expected, found: consensus.kind }]
  }
  const problems: Problem[] = []
  const known = new Set(founders.map(({ name }) => name))
  const voters = new Set(founders.flatMap(({ name, weight }) => (weight > 0 ? [name] : [])))
  for (const change of inOrder(changes)) {
    if (change.what !== 'add') {
      const { validator } = change
      if (!voters.delete(validator)) {
        const expected = `a validator at that time: ${listed([...voters])}`
        const hint = suggestion(validator, [...voters])
        const at = [...here(change), 'validator']
        problems.push({ at, expected, found: shown(validator), hint })
      }
    }
    if (change.what !== 'remove') {
      const { name } = change.member
      if (known.has(name)) {
        const expected = 'a name that no validator has or had: who comes has a new identity'
        problems.push({ at: [...here(change), 'member', 'name'], expected, found: shown(name) })
      }
      known.add(name)
      voters.add(name)
    }
    if (voters.size === 0) {
      const expected = 'a change that leaves at least one validator'
      problems.push({ at: here(change), expected, found: 'none left' })
    }
  }
  return problems
}
