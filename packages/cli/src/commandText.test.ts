import { expect, test } from 'vitest'
import { commandText } from './commandText.ts'

test('default: a preset alone', () => {
  expect(commandText('hybrid', { set: [] })).toBe('npx counterpoise run hybrid')
})

test('default: what shapes the result is there, what is done with it is not', () => {
  const flags = { seed: '7', until: '20m', replications: 3, set: ['workload.for=12m', 'faults=[]'] }
  const rest = { out: 'out', json: true, threads: 2, profile: true }
  expect(commandText('a/b.yaml', { ...flags, ...rest })).toBe(
    "npx counterpoise run a/b.yaml --set workload.for=12m --set 'faults=[]' --seed 7 " +
      '--until 20m --replications 3',
  )
})

test('behavior: what a shell would read otherwise is one word', () => {
  expect(commandText('my file.json', { seed: "it's; rm -rf", set: ['a=$(b)', ''] })).toBe(
    "npx counterpoise run 'my file.json' --set 'a=$(b)' --set '' --seed 'it'\\''s; rm -rf'",
  )
})
