import { seconds } from '@counterpoise/engine'
import type { BlockRecords } from '@counterpoise/rails'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { presets } from './presets/index.ts'
import { setPath } from './vary.ts'
import { liarsOf } from './behavioursOf.ts'
import type { BehaviourConfig } from './schema/behaviours.ts'
import type { ChainConfig } from './schema/rails.ts'
import { broken, messages, wrapped } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { createWorld, type World } from './world.ts'

type Given = { what: BehaviourConfig['what']; where: object; [key: string]: unknown }

/** Tempo for half a minute with some payments. */
const tempo = (behaviours: readonly Given[] | undefined, recipe = (_draft: any): void => {}) =>
  broken('tempo', (draft) => {
    draft.workload.for = '20s'
    draft.workload.arrivals = [{ kind: 'poisson', ratePerSecond: 20 }]
    draft.faults = []
    draft.until = '30s'
    if (behaviours !== undefined) draft.rails.tempo.behaviours = behaviours
    recipe(draft)
  })

function run(behaviours: readonly Given[] | undefined, recipe?: (draft: any) => void): World {
  const world = createWorld({ data: scenarioOf(tempo(behaviours, recipe)).data, variant: 'tempo' })
  world.run()
  return world
}

const recordsOf = (world: World): BlockRecords => world.rails[0]!.blocks!()!

/** How many blocks of the chain Visa has made. */
const blocksOf = (world: World): number =>
  recordsOf(world).makers.find(({ operator }) => operator === 'Visa')?.chain ?? 0
const height = (world: World): number => recordsOf(world).times.length
const finals = (world: World): number => {
  const { payments } = world
  const all = Array.from({ length: payments.count() }, (_, payment) => payment)
  return all.filter((payment) => payments.state(payment) === 'final').length
}

const held = { conservation: [], agreement: [], liveness: [] }
const visa = { name: 'visa' }
const honest = run(undefined)

describe('each behaviour reaches the chain', () => {
  const each: Given[] = [
    { what: 'silent', where: visa },
    { what: 'slow', where: visa, delayMs: 300 },
    { what: 'equivocatingLeader', where: visa },
    { what: 'voteWithholding', where: visa },
    { what: 'selectiveSending', where: visa, to: { region: 'us-east-1' } },
    { what: 'censoringLeader', where: visa, accounts: 0.5 },
    { what: 'twin', where: visa, side: { region: ['us-east-1', 'us-west-2'] } },
    { what: 'replay', where: visa, age: 3 },
    { what: 'clock', where: visa, offsetMs: 5_000 },
  ]

  test.each(each)('behavior: $what, and one of ten breaks nothing', (given) => {
    const world = run([given])
    expect(world.violations()).toEqual(held)
    expect(world.simulation.digest()).not.toBe(honest.simulation.digest())
    expect(height(world)).toBeGreaterThan(height(honest) / 2)
  })

  test('behavior: double voting shows where there are two blocks to vote for', () => {
    const liar: Given = { what: 'equivocatingLeader', where: visa }
    const voter: Given = { what: 'doubleVoting', where: { name: 'zodia' } }
    const both = run([liar, voter])
    expect(both.violations()).toEqual(held)
    expect(both.simulation.digest()).not.toBe(run([liar]).simulation.digest())
  })
})

test('default: a silent leader makes no block that counts', () => {
  expect(blocksOf(honest)).toBeGreaterThan(0)
  expect(blocksOf(run([{ what: 'silent', where: visa }]))).toBe(0)
})

test('behavior: blocks of a leader whose clock is ahead are refused, behind they are not', () => {
  const at = (offsetMs: number): World => run([{ what: 'clock', where: visa, offsetMs }])
  expect(blocksOf(at(5_000))).toBe(0)
  expect(blocksOf(at(-5_000))).toBe(blocksOf(honest))
})

test('behavior: payments of censored accounts wait for another leader', () => {
  const every = { role: 'validator' }
  const by = (where: object, accounts: number): number =>
    finals(run([{ what: 'censoringLeader', where, accounts }]))
  expect(by(every, 1)).toBe(0)
  expect(by(every, 0)).toBe(finals(honest))
  const some = by(every, 0.3)
  expect(some).toBeGreaterThan(finals(honest) * 0.3)
  expect(some).toBeLessThan(finals(honest) * 0.7)
  // One of ten who censors can only make them wait.
  expect(by(visa, 1)).toBe(finals(honest))
})

test('behavior: liveness is promised up to f liars, and not beyond', () => {
  const names = ['stripe', 'visa', 'zodia', 'moneygram']
  const until = (draft: any): void => {
    draft.until = '3m'
    draft.workload.for = '2m'
  }
  const three = run([{ what: 'silent', where: { name: names.slice(0, 3) } }], until)
  expect(three.violations()).toEqual(held)
  expect(height(three)).toBeGreaterThan(20)
  const four = run([{ what: 'silent', where: { name: names } }], until)
  // Nothing moves, and nothing was promised.
  expect(height(four)).toBe(0)
  expect(four.violations()).toEqual(held)
})

test('default: who lies is found by attributes, among validators only', () => {
  const { data } = scenarioOf(
    tempo([
      { what: 'silent', where: { region: 'us-east-1' } },
      { what: 'slow', where: { name: 'zodia' }, delayMs: 10 },
    ]),
  )
  expect(liarsOf('tempo', data.rails['tempo'] as ChainConfig)).toEqual([0, 1, 2])
})

describe('what cannot be shown is refused', () => {
  const refused = (behaviours: readonly Given[]): string => wrapped(messages(tempo(behaviours)))

  test('behavior: a name that nobody has, and a misspelt behaviour', () => {
    expect(refused([{ what: 'silent', where: { name: 'vsia' } }])).toMatch(
      /rails\.tempo\.behaviours\[0\]\.where\.name.*one of.*visa/s,
    )
    expect(refused([{ what: 'silence' as never, where: visa }])).toMatch(/silent/)
    expect(refused([{ what: 'twin', where: visa, side: { name: 'none' } }])).toMatch(
      /behaviours\[0\]\.side\.name/,
    )
  })

  test('behavior: an access node is no validator', () => {
    expect(refused([{ what: 'silent', where: { name: 'rpc-us' } }])).toMatch(/where\.name/)
  })

  test('behavior: two behaviours of one validator', () => {
    expect(
      refused([
        { what: 'silent', where: visa },
        { what: 'replay', where: { region: 'us-east-1' } },
      ]),
    ).toMatch(/behaviours\[1\]\.where.*no other behaviour.*`visa` in behaviours\[0\]/s)
  })

  test('behavior: lies about blocks need a protocol of signed proposals and votes', () => {
    const pow = broken('bitcoin', (draft) => {
      const name = Object.keys(draft.rails)[0]!
      draft.rails[name].behaviours = [{ what: 'twin', where: { role: 'validator' }, side: {} }]
    })
    expect(messages(pow)).not.toBe('')
  })
})

describe('how many lie', () => {
  const countIn = (names: readonly string[], recipe?: (draft: any) => void): World['liars'] => {
    const given: Given = { what: 'silent', where: { name: names } }
    const { data } = scenarioOf(tempo(names.length === 0 ? undefined : [given], recipe))
    return createWorld({ data, variant: 'tempo' }).liars
  }
  const three = ['visa', 'stripe', 'zodia']

  test('default: as many as the protocol survives are not too many, one more is', () => {
    expect(countIn([])).toEqual({})
    const counts = { voters: 10, limit: 3, survivable: 0.3 }
    expect(countIn(three)).toEqual({
      tempo: { ...counts, lostVoters: 3, lost: 0.3, isTooMany: false },
    })
    expect(countIn([...three, 'moneygram'])).toEqual({
      tempo: { ...counts, lostVoters: 4, lost: 0.4, isTooMany: true },
    })
  })

  test('behavior: votes count, and what the scenario says of faults', () => {
    const heavy = countIn(['visa'], (draft) => {
      draft.rails.tempo.validators.value.find(({ name }: any) => name === 'visa').weight = 9
    })
    expect(heavy['tempo']).toMatchObject({ lostVoters: 1, lost: 0.5, isTooMany: true })
    const strict = countIn(three, (draft) => (draft.rails.tempo.consensus.faultTolerance = 2))
    expect(strict['tempo']).toMatchObject({ limit: 2, isTooMany: true })
  })

  test('behavior: validators that leave make the same liars too many', () => {
    const { liars } = createWorld({
      data: scenarioOf(
        tempo([{ what: 'silent', where: { name: three } }], (draft) => {
          draft.rails.tempo.consensus.parameters.epochBlocks = 20
          draft.rails.tempo.execution.validatorChanges = [
            { at: '1s', what: 'remove', validator: 'moneygram' },
          ]
        }),
      ).data,
      variant: 'tempo',
    })
    expect(liars['tempo']).toMatchObject({ voters: 9, limit: 2, lostVoters: 3, isTooMany: true })
  })

  test('behavior: behind a router, by rail', () => {
    const hybrid = broken('hybrid', (draft) => {
      draft.rails.tempo.behaviours = [{ what: 'silent', where: { name: three } }]
    })
    const { liars } = createWorld({ data: scenarioOf(hybrid).data, variant: 'hybrid' })
    expect(Object.keys(liars)).toEqual(['tempo'])
  })
})

test('default: the command line reaches it by a path', () => {
  const clock = '{"what":"clock","where":{"name":"visa"},"offsetMs":9}'
  const assignment = `rails.tempo.behaviours=[${clock}]`
  const set = setPath(presets.tempo, assignment)
  if (isLeft(set)) throw new Error('The path is not one.')
  const { data } = scenarioOf(set.right)
  expect(liarsOf('tempo', data.rails['tempo'] as ChainConfig)).toEqual([1])
})

test('default: no behaviour is the same as none named', () => {
  expect(run([]).simulation.digest()).toBe(honest.simulation.digest())
  expect(honest.simulation.now()).toBeLessThanOrEqual(seconds(30))
})
