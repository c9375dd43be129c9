import { describe, expect, test } from 'vitest'
import { validatorsOf } from './planned.ts'
import { presets } from './presets/index.ts'
import type { ChainConfig } from './schema/rails.ts'
import { broken, type Draft, messages, wrapped } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { registrationsOf } from './validatorChanges.ts'
import { vary } from './vary.ts'

const member = (name: string) => ({ name, operator: name, region: 'eu-west-1' })
const changed = (validatorChanges: readonly object[]): ChainConfig => {
  const input = vary(presets.tempo, ({ rails }: Draft) => {
    rails.tempo.validators = [{ ...member('a'), weight: 1 }, { ...member('b'), weight: 3 }]
    rails.tempo.execution.validatorChanges = validatorChanges
  })
  return scenarioOf(input).data.rails['tempo'] as ChainConfig
}

test('default: the owner’s transactions in their order, over all that ever validate', () => {
  const config = changed([
    { at: '3m', what: 'remove', validator: 'b2' },
    { at: '2m', what: 'rotate', validator: 'b', member: member('b2') },
    { at: '1m', what: 'add', member: member('c') },
  ])
  const validators = validatorsOf(config)
  expect(validators.map(({ name, weight }) => [name, weight])).toEqual([
    ...[['a', 1], ['b', 3], ['b2', 0], ['c', 0]],
  ])
  expect(registrationsOf(config, validators).map(({ weights }) => weights)).toEqual([
    ...[[1, 3, 0, 1], [1, 0, 3, 1], [1, 0, 0, 1]],
  ])
})

describe('what cannot be', () => {
  const problemsOf = (recipe: (rail: Draft) => void): string =>
    wrapped(messages(broken('tempo', ({ rails }) => recipe(rails.tempo))))

  test('behavior: who is none is not removed, and who was one does not come back', () => {
    const found = problemsOf((rail) => {
      rail.validators = [{ ...member('a'), weight: 1 }]
      rail.execution.validatorChanges = [
        { at: '1m', what: 'remove', validator: 'z' },
        { at: '3m', what: 'add', member: member('a') },
        { at: '2m', what: 'remove', validator: 'a' },
      ]
    })
    expect(found).toMatchInlineSnapshot(`
      "
      rails.tempo.execution.validatorChanges[0].validator: expected a validator at that
        time: a, found "z"
      rails.tempo.execution.validatorChanges[2]: expected a change that leaves at least one
        validator, found none left
      rails.tempo.execution.validatorChanges[1].member.name: expected a name that no
        validator has or had: who comes has a new identity, found "a"
      "
    `)
  })

  test('behavior: a committee that never changes', () => {
    const found = problemsOf((rail) => {
      rail.consensus.parameters.epochBlocks = 0
      rail.execution.validatorChanges = [{ at: '1m', what: 'remove', validator: 'visa' }]
    })
    expect(found).toContain('`simplex` with `epochBlocks` above 0')
  })
})
