import { emptyBlocks } from '@counterpoise/consensus'
import { fuzzParameters } from '@counterpoise/dev'
import { ms, seconds, type Time } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { distributedLatency } from '@counterpoise/network'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTrial, type Trial } from './testing.ts'

/** One member is down from a moment on, for a while. */
type Outage = { node: number; pauseMs: number; lengthMs: number }
/** The members of the mask are cut off from the others for a while. */
type Cut = { fromMs: number; lengthMs: number; mask: number }

type Plan = {
  voters: number
  seed: string
  /** Fault slots: the outages of one slot come one after the other, so that f are down at most. */
  slots: Outage[][]
  cuts: Cut[]
  lossPercent: number
  jitterMs: number
  buildBudgetMs: number
  /** Work of a validation. */
  workMs: number
  healedAtMs: number
}

const outage = fc.record({
  node: fc.nat(9),
  pauseMs: fc.nat(6_000),
  lengthMs: fc.integer({ min: 1, max: 8_000 }),
})
const cut = fc.record({
  fromMs: fc.nat(15_000),
  lengthMs: fc.integer({ min: 1, max: 6_000 }),
  mask: fc.nat(1_023),
})
const plan: fc.Arbitrary<Plan> = fc.record({
  voters: fc.constantFrom(4, 5, 6, 7, 10),
  seed: fc.string({ maxLength: 4 }),
  slots: fc.array(fc.array(outage, { maxLength: 4 }), { maxLength: 3 }),
  cuts: fc.array(cut, { maxLength: 3 }),
  lossPercent: fc.constantFrom(0, 0, 2, 10, 30, 60),
  jitterMs: fc.constantFrom(0, 20, 100, 400),
  buildBudgetMs: fc.constantFrom(50, 150, 500),
  workMs: fc.constantFrom(0, 0, 40),
  healedAtMs: fc.constantFrom(5_000, 15_000),
})

/** Plays a plan: the network is whole again at `healedAtMs`. */
function play(given: Plan, extra: number): Trial {
  const { voters, jitterMs, lossPercent } = given
  const blocks = createBlockStore()
  const trial = createTrial({
    seed: given.seed,
    voters,
    blocks,
    executor: () => ({ ...emptyBlocks(blocks), validate: () => ms(given.workMs) }),
    followers: 1,
    parameters: { buildBudgetMs: given.buildBudgetMs },
    latency: distributedLatency({ kind: 'uniform', low: 15, high: 15 + jitterMs }),
  })
  const { network } = trial.cluster
  const healed = ms(given.healedAtMs)
  const actions: { at: Time; act: () => void }[] = []
  const limit = Math.floor((voters - 1) / 3) + extra
  for (const slot of given.slots.slice(0, limit)) {
    let at = 0
    for (const { node, pauseMs, lengthMs } of slot) {
      const start = at + pauseMs
      at = start + lengthMs
      actions.push({ at: ms(start), act: () => network.takeDown(node % voters) })
      actions.push({ at: ms(at), act: () => network.bringUp(node % voters) })
    }
  }
  for (const { fromMs, lengthMs, mask } of given.cuts) {
    const assign = (group: number) => () => {
      for (let node = 0; node <= voters; node++) {
        if (((mask >> node) & 1) === 1) network.assignGroup(node, group)
      }
    }
    actions.push({ at: ms(fromMs), act: assign(1) })
    actions.push({ at: ms(fromMs + lengthMs), act: assign(0) })
  }
  actions.sort((one, other) => one.at - other.at)
  network.setLossProbability(lossPercent / 100)
  for (const { at, act } of actions) {
    if (at >= healed) break
    trial.run(at)
    act()
  }
  trial.run(healed)
  network.setLossProbability(0)
  for (let node = 0; node <= voters; node++) {
    network.assignGroup(node, 0)
    network.bringUp(node)
  }
  return trial
}

function expectSafety(trial: Trial): void {
  const { cluster, agreement, witness, finalised } = trial
  const { blocks } = cluster
  expect(agreement.conflicts()).toEqual([])
  expect(witness.violations(blocks)).toEqual([])
  // S5: what a member holds for final only grows, and is a prefix of what any other holds.
  const tips = new Map<number, number>()
  for (const { node, block } of finalised) {
    const before = tips.get(node) ?? 0
    expect(blocks.isAncestor(before, block) && before !== block).toBe(true)
    tips.set(node, block)
  }
  const ends = [...tips.values()].sort((one, other) => blocks.height(one) - blocks.height(other))
  ends.forEach((end, index) => expect(blocks.isAncestor(end, ends[index + 1] ?? end)).toBe(true))
  // L4: a block that was notarised while nobody gave its view up stays for good.
  const top = ends.at(-1) ?? 0
  for (const block of witness.undisputed()) {
    const isBelow = blocks.height(block) <= blocks.height(top)
    expect(!isBelow || blocks.isAncestor(block, top)).toBe(true)
  }
  // A head never contradicts what is final for its member.
  for (const [node, tip] of tips) expect(blocks.isAncestor(tip, cluster.head(node))).toBe(true)
}

/** A retry reaches everybody; then views with leaders that must first catch up may pass. */
const recoveryBound = seconds(10) + 4 * (seconds(2) + ms(455))

test('safety and liveness with at most f crashed, any loss and any partition', () => {
  fc.assert(
    fc.property(plan, (given) => {
      const trial = play(given, 0)
      expectSafety(trial)
      const healed = ms(given.healedAtMs)
      const before = trial.agreement.finalisedCount()
      trial.run(healed + recoveryBound)
      expect(trial.agreement.finalisedCount()).toBeGreaterThan(before)
      // All catch up with what was final when the bound ran out, the follower too.
      const final = trial.agreement.finalisedCount()
      trial.run(healed + recoveryBound + seconds(12))
      for (let node = 0; node <= given.voters; node++) {
        const tip = trial.cluster.finalised(node)
        expect(trial.cluster.blocks.height(tip)).toBeGreaterThanOrEqual(final)
      }
      expectSafety(trial)
    }),
    fuzzParameters(120),
  )
})

test('safety with more than f crashed, and liveness once they are back', () => {
  fc.assert(
    fc.property(plan, (given) => {
      const trial = play(given, 2)
      const before = trial.agreement.finalisedCount()
      trial.run(ms(given.healedAtMs) + recoveryBound)
      expectSafety(trial)
      expect(trial.agreement.finalisedCount()).toBeGreaterThan(before)
    }),
    fuzzParameters(60),
  )
})

test('the same seed gives the same run, another seed another one', () => {
  fc.assert(
    fc.property(plan, (given) => {
      const digest = (seed: string): string => {
        const trial = play({ ...given, seed }, 0)
        trial.run(ms(given.healedAtMs) + seconds(5))
        return trial.simulation.digest()
      }
      expect(digest(given.seed)).toBe(digest(given.seed))
      expect(digest(`${given.seed}+`)).not.toBe(digest(given.seed))
    }),
    fuzzParameters(10),
  )
})
