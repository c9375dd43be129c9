import { fuzzParameters } from '@counterpoise/dev'
import { createBlockStore } from '@counterpoise/ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Attestation, Checkpoint } from './attestation.ts'
import { addNode, emptyNodeSet } from './bits.ts'
import { createChain, laterOf } from './chain.ts'
import { type ChainState, genesisState, isIncludable, processFinality } from './finality.ts'
import { createReference } from './testing/referenceFinality.ts'

const checkpointOf = (epoch: number): Checkpoint => ({ epoch, root: epoch * 100 })

/** A state at the end of epoch 10; two thirds of the weight are 20 of 30. */
const stateOf = (changes: Partial<ChainState>): ChainState => ({
  ...genesisState(4),
  epoch: 10,
  checkpoint: checkpointOf(10),
  previousCheckpoint: checkpointOf(9),
  justified: checkpointOf(5),
  previousJustified: checkpointOf(5),
  finalised: checkpointOf(4),
  ...changes,
})
const finalisedEpoch = (changes: Partial<ChainState>): number =>
  processFinality(stateOf(changes), 30).finalised.epoch

test('of two checkpoints the later one counts, of one epoch the first', () => {
  const [one, other] = [checkpointOf(3), { epoch: 3, root: 7 }]
  expect([laterOf(one, other), laterOf(other, one)]).toEqual([one, other])
  expect(laterOf(one, checkpointOf(4))).toEqual(checkpointOf(4))
  expect(laterOf(checkpointOf(4), one)).toEqual(checkpointOf(4))
})

test('a block takes votes of earlier slots of this epoch and the last, with its source', () => {
  const state = stateOf({ previousJustified: checkpointOf(4) })
  const rules = { slotsPerEpoch: 4, weights: new Float64Array(30).fill(1), totalWeight: 120 }
  const isTaken = (slot: number, source: number, epoch = Math.floor(slot / 4)): boolean => {
    const sides = { source: checkpointOf(source), target: checkpointOf(epoch) }
    return isIncludable(state, { slot, head: 1, voters: emptyNodeSet(30), ...sides }, 42, rules)
  }
  expect([41, 42, 43].map((slot) => isTaken(slot, 5))).toEqual([true, false, false])
  expect([36, 39].map((slot) => isTaken(slot, 4))).toEqual([true, true])
  expect(isTaken(35, 4)).toBe(false)
  // Sources of the other epoch, and a target that is not the slot's.
  expect([isTaken(41, 4), isTaken(39, 5), isTaken(41, 5, 9)]).toEqual([false, false, false])
})

describe('processFinality', () => {
  test('default: two justified epochs in a row finalise the first (rule 4)', () => {
    const state = stateOf({ bits: 0b0001, justified: checkpointOf(9), targetWeight: 20 })
    const after = processFinality(state, 30)
    expect(after.bits).toBe(0b0011)
    expect(after.justified).toEqual(checkpointOf(10))
    expect(after.previousJustified).toEqual(checkpointOf(9))
    expect(after.finalised).toEqual(checkpointOf(9))
  })

  test('behavior: two thirds justify, a unit less does not', () => {
    const justifiedAt = (targetWeight: number): number =>
      processFinality(stateOf({ targetWeight }), 30).justified.epoch
    expect(justifiedAt(20)).toBe(10)
    expect(justifiedAt(19)).toBe(5)
    const lateAt = (previousTargetWeight: number): number =>
      processFinality(stateOf({ previousTargetWeight }), 30).justified.epoch
    expect(lateAt(20)).toBe(9)
    expect(lateAt(19)).toBe(5)
  })

  test('behavior: rule 3, both epochs justified late from a source two epochs back', () => {
    const both = { bits: 0b0010, justified: checkpointOf(8), targetWeight: 20 }
    expect(finalisedEpoch({ ...both, previousTargetWeight: 20 })).toBe(8)
    // Without the epoch between, the link from 8 to 10 skips one that is not justified.
    expect(finalisedEpoch({ ...both, previousTargetWeight: 19 })).toBe(4)
  })

  test('behavior: rule 2, the previous epoch justified late from the one before', () => {
    const late = { bits: 0b0010, previousJustified: checkpointOf(8), justified: checkpointOf(8) }
    expect(finalisedEpoch({ ...late, previousTargetWeight: 20 })).toBe(8)
    expect(finalisedEpoch({ ...late, previousTargetWeight: 19 })).toBe(4)
  })

  test('behavior: rule 1, three epochs in a row from a source three epochs back', () => {
    const three = { bits: 0b0110, previousJustified: checkpointOf(7), justified: checkpointOf(8) }
    expect(finalisedEpoch({ ...three, previousTargetWeight: 20 })).toBe(7)
    const gap = { ...three, bits: 0b0100 }
    expect(finalisedEpoch({ ...gap, previousTargetWeight: 20 })).toBe(4)
  })

  test('behavior: nothing happens in the first two epochs', () => {
    const early = stateOf({ epoch: 1, targetWeight: 30, previousTargetWeight: 30 })
    expect(processFinality(early, 30)).toBe(early)
  })
})

const slotsPerEpoch = 4
const weights = [1, 2, 3]

/** What happens in a slot: is there a block, who votes, when is the vote included. */
const slotPlan = fc.record({
  hasBlock: fc.integer({ min: 0, max: 9 }).map((draw) => draw > 1),
  absent: fc.integer({ min: 0, max: 17 }).map((draw) => (draw < 3 ? draw : -1)),
  lateSlots: fc.integer({ min: 0, max: 11 }).map((draw) => (draw > 8 ? draw - 6 : 0)),
  wrong: fc
    .integer({ min: 0, max: 49 })
    .map((draw) => (['source', 'target', 'again'] as const)[draw]),
})

test('behavior: the states of random chains are those of a straight-line reference', () => {
  const rules = new Set<number>()
  fc.assert(
    fc.property(fc.array(slotPlan, { minLength: 48, maxLength: 80 }), (plan) => {
      const blocks = createBlockStore()
      const chain = createChain(blocks, Float64Array.from(weights), slotsPerEpoch)
      const reference = createReference({ weights, slotsPerEpoch })
      let pending: { due: number; attestation: Attestation }[] = []
      let tip = 0
      plan.forEach((step, index) => {
        const slot = index + 1
        const epoch = Math.floor(slot / slotsPerEpoch)
        if (step.hasBlock) {
          const ready = pending.filter(({ due }) => due <= slot)
          pending = pending.filter(({ due }) => due > slot)
          const attestations = ready.map(({ attestation }) => attestation)
          const block = { parent: tip, proposer: 0, time: slot, round: slot }
          tip = blocks.append({ ...block, data: { attestations } })
          reference.addBlock({ block: tip, slot, attestations })
        }
        reference.advance(epoch)
        const voters = emptyNodeSet(weights.length)
        weights.forEach((_, node) => {
          if (node !== step.absent) addNode(voters, node)
        })
        const target = { epoch, root: reference.rootOf(epoch) - (step.wrong === 'target' ? 1 : 0) }
        const right = reference.justified()
        const source = step.wrong === 'source' ? { ...right, epoch: right.epoch + 1 } : right
        const attestation = { slot, head: tip, source, target, voters }
        pending.push({ due: slot + 1 + step.lateSlots, attestation })
        if (step.wrong === 'again') pending.push({ due: slot + 2, attestation })
        const { justified, previousJustified, finalised } = chain.stateAt(tip, epoch)
        expect(justified).toEqual(reference.justified())
        expect(previousJustified).toEqual(reference.previousJustified())
        expect(finalised).toEqual(reference.finalised())
        expect(chain.checkpointRoot(tip, epoch)).toBe(reference.rootOf(epoch))
        const past = Math.max(0, epoch - (slot % 6))
        expect(chain.checkpointRoot(tip, past)).toBe(reference.rootOf(past))
      })
      reference.rulesUsed().forEach((rule) => rules.add(rule))
    }),
    fuzzParameters(250),
  )
  if (process.env['FUZZ_PATH'] === undefined) expect([...rules].sort()).toEqual([1, 2, 3, 4])
})
