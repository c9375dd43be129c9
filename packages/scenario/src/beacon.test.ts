import { seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { beaconWorldOf as worldOf, broken, type Draft, messages } from './testing.ts'

const found = (recipe: (rail: Draft) => void): string =>
  messages(broken('ethereum', ({ rails }) => recipe(rails.ethereum)))

describe('what a scenario cannot say of stake', () => {
  const path = 'scenario rails.ethereum'
  test.each([
    [
      'a fork that nobody knows',
      (rail) => (rail.consensus.parameters.fork = 'frontier'),
      'consensus.parameters.fork: expected one of altair, bellatrix, capella, deneb, electra, ' +
        'fulu, gloas, heze, found "frontier"',
    ],
    [
      'weights that do not sum',
      (rail) => (rail.validators.value[0].weight = 0.2),
      'validators: expected weights whose sum is 1, found 1.092',
    ],
    [
      'deadlines out of order',
      (rail) => Object.assign(rail.consensus.parameters, { attestationDueMs: 9_000 }),
      'consensus.parameters.aggregateDueMs: expected from attestationDueMs, 9000, to slotMs, ' +
        '12000, found 8000',
    ],
    [
      'safety claimed with more than a third that may be slashed',
      (rail) => {
        rail.consensus.parameters.assertSafety = true
        for (const entry of rail.validators.value.slice(0, 5)) {
          entry.stake = { behaviour: 'double-vote' }
        }
      },
      'consensus.parameters.assertSafety: expected false, or at most a third of the stake ' +
        'slashable, found 40.5 % attack',
    ],
    [
      'a rule that the fork lacks',
      (rail) => {
        rail.consensus.parameters.fork = 'capella'
        rail.validators.value[3].stake = { compounding: true }
      },
      "validators[3].stake.compounding: expected false: the fork 'capella' has no such rule",
    ],
    [
      'an attack that nobody knows',
      (rail) => (rail.validators.value[0].stake = { behaviour: 'ex-ante' }),
      'validators[0].stake.behaviour: expected one of honest, offline, censoring,',
    ],
    [
      'a network that it does not use',
      (rail) => (rail.network = { bandwidth: { upMbps: 5 } }),
      'network.bandwidth: expected nothing: `beacon` has ways of its own, in ' +
        'consensus.parameters',
    ],
    [
      'shares of builders that are no whole',
      (rail) =>
        (rail.consensus.parameters.market = {
          builders: [{ name: 'a', share: 0.4 }, { name: 'b', share: 0.5 }],
        }),
      'consensus.parameters.market.builders: expected shares of at least 0 that sum to 1, ' +
        'found 0.9',
    ],
    [
      'a month that was not measured',
      (rail) => (rail.consensus.parameters.market = { month: '2021-01' }),
      'consensus.parameters.market.month: expected one of 2022-09, 2022-10,',
    ],
    [
      'a month with other shares beside it',
      (rail) =>
        (rail.consensus.parameters.market = {
          changes: [{ fromSlot: 9, month: '2022-11', censoringProposers: 0.1 }],
        }),
      'consensus.parameters.market.changes[0].censoringProposers: expected nothing beside the ' +
        'month 2022-11',
    ],
    [
      'a market that changes backwards',
      (rail) =>
        (rail.consensus.parameters.market = { changes: [{ fromSlot: 9 }, { fromSlot: 9 }] }),
      'consensus.parameters.market.changes[1].fromSlot: expected a slot after 9, found 9',
    ],
    [
      'inclusion lists before their fork',
      (rail) => (rail.consensus.parameters.inclusionLists = true),
      "consensus.parameters.inclusionLists: expected false: the fork 'fulu' has no such rule",
    ],
    [
      'an account that there is not',
      (rail) => (rail.consensus.parameters.sanctioned = [3, 1_000_000_000]),
      'consensus.parameters.sanctioned[1]: expected an account from 0 to ',
    ],
    [
      'censors who have nobody to leave out',
      (rail) => (rail.validators.value[2].stake = { behaviour: 'refusal' }),
      'validators[2].stake.behaviour: expected another one, or accounts in ' +
        'consensus.parameters.sanctioned, found refusal',
    ],
    [
      'no validators at all',
      (rail) => (rail.consensus.parameters.validators = 3),
      'consensus.parameters.validators: expected a number of at least 4, found 3',
    ],
  ] as [string, (rail: Draft) => void, string][])('behavior: %s', (_name, recipe, expected) => {
    expect(found(recipe)).toContain(`${path}.${expected}`)
  })

  test('behavior: stake with a model that knows weights only', () => {
    const said = messages(
      broken('tempo', ({ rails }) => (rails.tempo.validators.value[1].stake = {})),
    )
    expect(said).toContain('rails.tempo.validators[1].stake: expected nothing: `simplex` knows')
  })
})

describe('a rail over the beacon network', () => {
  test('default: all payments become final, the stake earns, the properties hold', () => {
    const { world, stake } = worldOf()
    const { payments } = world
    for (let payment = 0; payment < payments.count(); payment++) {
      expect(payments.state(payment)).toBe('final')
      expect(payments.finalAt(payment) - payments.includedAt(payment)).toBeGreaterThan(
        seconds(600),
      )
    }
    expect(Object.values(world.violations()).flat()).toEqual([])
    expect(stake.validators.start).toBe(899_000)
    expect(stake.effectiveEther.start).toBe(899_000 * 43)
    expect(stake.participation).toBeGreaterThan(0.99)
    expect(stake.headAccuracy).toBeGreaterThan(0.97)
    expect(stake.balanceGwei.end).toBeGreaterThan(stake.balanceGwei.start)
  })

  test('behavior: nodes, validators, fork, shares and timing reach the network', () => {
    const usual = worldOf().stake
    const { world, stake } = worldOf(({ rails: { ethereum: rail } }) => {
      rail.relays.nodes = 60
      rail.validators = [
        { name: 'a', operator: 'a', region: 'us-east-1', weight: 3, nodes: 4 },
        { name: 'b', operator: 'b', region: 'eu-west-1', weight: 1 },
      ]
      Object.assign(rail.consensus.parameters, {
        ...{ weights: 'relative', validators: 4_000, balanceEther: 32, fork: 'deneb' },
        ...{ slotMs: 6_000, attestationDueMs: 1_000, aggregateDueMs: 2_000 },
        ...{ proposalMedianMs: 990, proposalSigma: 0, proposalLatestMs: 2_000 },
      })
    })
    expect(world.rails[0]!.sites).toHaveLength(5 + 3 + 60)
    expect(stake.validators.start).toBe(4_000)
    expect(stake.balancesByOperator.get('a')!.start).toBe(3_000n * 32_000_000_000n)
    // Twice the slots in the time; and blocks hardly ever come before votes are due.
    expect(stake.slots).toBeGreaterThan(1.7 * usual.slots)
    expect(stake.headAccuracy).toBeLessThan(0.5)
  })

  test('behavior: a third of the stake and more offline: included, not final, and a leak', () => {
    const { world, stake } = worldOf((draft) => {
      draft.drain = '10m'
      draft.rails.ethereum.validators.value
        .slice(0, 5)
        .forEach((entry: Draft) => (entry.stake = { behaviour: 'offline' }))
    })
    const { payments } = world
    const states = Array.from({ length: payments.count() }, (_, k) => payments.state(k))
    expect(new Set(states)).toEqual(new Set(['included']))
    expect(stake.participation).toBeGreaterThan(0.55)
    expect(stake.participation).toBeLessThan(0.62)
    expect(stake.finalisedDistance).toBeGreaterThan(3)
    const offline = stake.balancesByOperator.get('binance')!
    expect(offline.end).toBeLessThan(offline.start)
  })

  test('behavior: a plan’s outage, and a partition, hold finality up until they are over', () => {
    const longest = (faults: Draft): number => {
      const { world } = worldOf((draft) => {
        draft.faults = faults
        draft.drain = '2h'
      })
      const { payments } = world
      expect(world.violations().agreement).toEqual([])
      expect(world.violations().conservation).toEqual([])
      let most = 0
      for (let payment = 0; payment < payments.count(); payment++) {
        const span = payments.finalAt(payment) - payments.includedAt(payment)
        most = Math.max(most, span / seconds(60))
      }
      return most
    }
    const usual = longest([])
    const times = { at: '5m', for: '40m' }
    const east = { region: ['us-east-1', 'us-east-2', 'us-west-2'] }
    const out = longest([{ what: 'outage', ...times, where: { ...east, role: 'validator' } }])
    const halves = longest([{ what: 'partition', ...times, sides: [east] }])
    expect(usual).toBeLessThan(22)
    expect(out).toBeGreaterThan(usual + 15)
    expect(halves).toBeGreaterThan(usual + 15)
  })

  test('behavior: a throttle makes the size of blocks count for more', () => {
    const accuracyWith = (faults: Draft): number =>
      worldOf((draft) => {
        draft.workload.for = '10m'
        draft.faults = faults
        Object.assign(draft.rails.ethereum.consensus.parameters, { proposalSigma: 0 })
      }).stake.headAccuracy
    const throttle = { what: 'throttle', at: '0s', for: '1h', where: { rail: 'ethereum' } }
    const free = accuracyWith([])
    // 74 kB take 29 ms a hop at the usual rate, and with a fiftieth of it 1.4 s.
    expect(accuracyWith([{ ...throttle, share: 0.02 }])).toBeLessThan(free - 0.1)
    expect(accuracyWith([{ ...throttle, share: 1 }])).toBe(free)
  })

  test('behavior: an attack by its name leaves honest blocks behind', () => {
    const attackBy = (behaviour: string): number =>
      worldOf(({ rails: { ethereum: rail } }) => {
        rail.consensus.parameters.proposerReorg = false
        rail.consensus.parameters.proposalSigma = 0
        for (const entry of rail.validators.value.slice(0, 4)) entry.stake = { behaviour }
      }).stake.orphaned
    expect(attackBy('honest')).toBe(0)
    // With 34 % of the stake, above the 20 % that it takes.
    expect(attackBy('sandwich-reorg')).toBeGreaterThan(2)
  })

  test('behavior: by committee or validator by validator, payments fare alike', () => {
    const meansOf = (attestations: string): number[] => {
      const { world } = worldOf(({ rails: { ethereum: rail } }) => {
        Object.assign(rail.consensus.parameters, { attestations, validators: 5_000 })
      })
      const { payments } = world
      let [included, final] = [0, 0]
      for (let payment = 0; payment < payments.count(); payment++) {
        included += payments.includedAt(payment) - payments.intendedAt(payment)
        final += payments.finalAt(payment) - payments.intendedAt(payment)
      }
      return [included, final].map((sum) => sum / payments.count() / seconds(1))
    }
    const [committee, single] = [meansOf('committee'), meansOf('per-validator')]
    expect(Math.abs(committee[0]! - single[0]!)).toBeLessThan(0.5)
    expect(Math.abs(committee[1]! - single[1]!)).toBeLessThan(12)
  })
})
