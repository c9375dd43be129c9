import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLeaking, justify } from './justification.ts'
import { createBeaconState } from './validatorGroup.ts'

/** 60 ETH of stake, so that two thirds are 40 exactly. */
const stateOf = (): ReturnType<typeof createBeaconState> =>
  createBeaconState({ groups: [{ entity: 'all', count: 60, balanceEther: 1 }] })

/** Ends epochs whose checkpoint got so much of 60 in time, and in all. */
function end(votes: readonly (readonly [inTime: number, inAll: number])[]): number[][] {
  const state = stateOf()
  return votes.map(([inTime], index) => {
    const target = votes[index - 1]?.[1] ?? 1
    justify(state, { source: 1, target, head: 1, current: inTime })
    state.epoch++
    return [state.justified, state.finalised]
  })
}

const good = [40, 40] as const
const late = [39, 40] as const
const lost = [39, 39] as const

test('two thirds justify, one ETH less does not', () => {
  expect(end([good, good, good, good]).at(-1)).toEqual([3, 2])
  expect(end([good, good, lost, lost]).at(-1)).toEqual([1, 0])
})

test('the first two epochs justify nothing; then each epoch makes the one before final', () => {
  const expected = ['0,0', '0,0', '2,0', '3,2', '4,3']
  expect(end([good, good, good, good, good]).map(String)).toEqual(expected)
})

test('votes that always come late make final what is three epochs back, by rule 1', () => {
  const path = end([good, good, good, good, late, late, late])
  // 4 is justified at the end of 5, with 3 as its source; then 5 at the end of 6.
  expect(path.slice(3)).toEqual([
    [3, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])
})

test('rule 2: the previous source two epochs back, and the epoch after it justified late', () => {
  const state = stateOf()
  Object.assign(state, { epoch: 10, justificationBits: 0b0010, previousJustified: 8, justified: 8 })
  justify(state, { source: 1, target: 40, head: 1, current: 39 })
  expect([state.justified, state.finalised]).toEqual([9, 8])
})

test('rule 1: three justified ones in a row let the fourth before be final', () => {
  const state = stateOf()
  Object.assign(state, { epoch: 10, justificationBits: 0b0110, previousJustified: 7, justified: 9 })
  justify(state, { source: 1, target: 40, head: 1, current: 39 })
  expect([state.justified, state.finalised]).toEqual([9, 7])
})

test('rule 3: source two epochs before, all between justified', () => {
  const state = stateOf()
  Object.assign(state, { epoch: 10, justificationBits: 0b0010, previousJustified: 7, justified: 8 })
  justify(state, { source: 1, target: 40, head: 1, current: 40 })
  expect([state.justified, state.finalised]).toEqual([10, 8])
})

test('every rule, against one that asks the whole history', () => {
  const share = fc.constantFrom(good, good, late, lost)
  fc.assert(
    fc.property(fc.array(share, { maxLength: 30 }), (votes) => {
      // Straight from the words: a checkpoint is final if what follows it was justified by links
      // from it, within the reach of the four bits.
      const justified = new Set<number>()
      let [old, current, finalised] = [0, 0, 0]
      const expected = votes.map(([inTime], e) => {
        if (e <= 1) return [current, finalised]
        const [before, source] = [old, current]
        old = current
        const has = (epoch: number): boolean => justified.has(epoch)
        if (votes[e - 1]![1] >= 40) justified.add((current = e - 1))
        if (inTime >= 40) justified.add((current = e))
        if (has(e - 1) && has(e - 2) && has(e - 3) && before === e - 3) finalised = before
        if (has(e - 1) && has(e - 2) && before === e - 2) finalised = before
        if (has(e) && has(e - 1) && has(e - 2) && source === e - 2) finalised = source
        if (has(e) && has(e - 1) && source === e - 1) finalised = source
        return [current, finalised]
      })
      expect(end(votes)).toEqual(expected)
    }),
    fuzzParameters(2_000),
  )
})

test('a leak begins when more than four epochs lie between the previous and the final one', () => {
  const state = stateOf()
  const leaks = [0, 1, 4, 5, 6, 7].map((epoch) => isLeaking({ ...state, epoch, finalised: 0 }))
  expect(leaks).toEqual([false, false, false, false, true, true])
})
