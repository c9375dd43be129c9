import { expect, test } from 'vitest'
import { profileText } from './profileText.ts'
import { runHere, smallRun } from './testing.ts'

test('default: a table by kind, and the run as a whole', () => {
  const profile = {
    kinds: [
      { kind: 'gossip', events: 750_000, seconds: 1.5 },
      { kind: 'audit', events: 250_000, seconds: 0.5 },
    ],
    ...{ events: 1_000_000, wallSeconds: 2, pendingMax: 1_234, memoryBytesMax: 5e7 },
  }
  expect(`\n${profileText(profile)}`).toMatchInlineSnapshot(`
    "
    event    count  of events  of time    time     each
    gossip  750000     75.0 %   75.0 %  1.50 s  2000 ns
    audit   250000     25.0 %   25.0 %  0.50 s  2000 ns
    1000000 events in 2.00 s: 500000 events/s, at most 1234 pending, at most 48 MiB in use
    "
  `)
})

test('default: nothing happened', () => {
  const profile = { kinds: [], events: 0, wallSeconds: 0, pendingMax: 0, memoryBytesMax: 0 }
  expect(profileText(profile)).toContain('0 events in 0.00 s: 0 events/s')
})

test('run --profile: on stderr, and the result is the same', async () => {
  const plain = await runHere([...smallRun('visa'), '--json'])
  const profiled = await runHere([...smallRun('visa'), '--json', '--profile'])
  expect(profiled.code).toBe(0)
  expect(JSON.parse(profiled.stdout).digest).toBe(JSON.parse(plain.stdout).digest)
  expect(profiled.stderr).toMatch(/\nevent +count +of events +of time +time +each\n/)
  expect(profiled.stderr).toMatch(/\n\d+ events in [\d.]+ s: \d+ events\/s, at most \d+ pending, /)
  expect(plain.stderr).not.toContain('pending')
})

test('run: what the limit on events ended is told with the busiest kinds', async () => {
  const ended = await runHere([...smallRun('visa'), '--json', '--set', 'limits.events=500'])
  const what = /visa \(replication 0\) reached the limit of 500 events; lately \d+ % \w/
  expect(ended.stderr).toMatch(what)
})
