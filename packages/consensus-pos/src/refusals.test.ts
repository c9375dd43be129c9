import { ms, priorities, seconds, type Time } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { equalWeights, gasperRun } from './testing/gasperRun.ts'

const weights = equalWeights(5)
const parameters = { missedSlotProbability: 0, proposalDelaySigma: 0 }
const [slot, latency] = [seconds(12), ms(80)]

/** Who may propose in a slot: the same in every run of a seed. */
function proposerOf(number: number): number {
  const { cluster, toSlot } = gasperRun({ weights, parameters })
  toSlot(number + 1)
  const { blocks } = cluster
  const made = Array.from({ length: blocks.size() }, (_, block) => block)
  return blocks.proposer(made.find((block) => blocks.round(block) === number)!)
}

type Claim = { round: number; proposer: number; arrival: Time }

/** Whether everybody else follows a block on the head of slot 5 that reaches them at a time. */
function isTaken({ round, proposer, arrival }: Claim): boolean {
  const { cluster, simulation } = gasperRun({ weights, parameters })
  const { blocks, network } = cluster
  let claimed = -1
  const sendKind = simulation.define(
    'test/send',
    () => {
      const parent = cluster.head(0)
      expect(blocks.round(parent)).toBe(5)
      const data = { attestations: [] }
      claimed = blocks.append({ parent, proposer, round, time: simulation.now(), data })
      for (const to of [1, 2, 3, 4]) network.send(0, to, { kind: 'block', block: claimed }, 1_000)
    },
    priorities.measure,
  )
  simulation.at(arrival - latency, sendKind)
  simulation.run({ until: arrival + ms(1) })
  const followers = [1, 2, 3, 4].filter((node) => cluster.head(node) === claimed)
  expect([0, 4]).toContain(followers.length)
  return followers.length === 4
}

describe('a block for slot 6, before its proposer has made its own', () => {
  const proposer = proposerOf(6)
  const arrival = 6 * slot + ms(100)

  test('is taken from who may propose, and from nobody else', () => {
    const taken = weights.map((_, node) => isTaken({ round: 6, proposer: node, arrival }))
    expect(taken).toEqual(weights.map((_, node) => node === proposer))
  })

  test('is taken 500 ms before its slot, and no earlier', () => {
    const claim = { round: 6, proposer }
    expect(isTaken({ ...claim, arrival: 6 * slot - ms(500) })).toBe(true)
    expect(isTaken({ ...claim, arrival: 6 * slot - ms(500) - 1 })).toBe(false)
  })

  test('is refused where its slot is not after that of its parent', () => {
    expect(isTaken({ round: 5, proposer: proposerOf(5), arrival })).toBe(false)
    expect(isTaken({ round: 4, proposer: proposerOf(4), arrival })).toBe(false)
  })
})
