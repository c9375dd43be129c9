import type { Behaviour } from '@counterpoise/consensus'
import { ms, seconds, type Time, toMs } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { hasNode } from './bits.ts'
import type { GasperMessage } from './messages.ts'
import { attestationsOf, equalWeights, gasperRun, type GasperRun } from './testing/gasperRun.ts'

/** Every block comes at 1.4 s, in every slot. */
const steady = { missedSlotProbability: 0, proposalDelaySigma: 0 }

/** The proposers of some slots publish only so many µs after their slot began. */
function withhold(delays: ReadonlyMap<number, Time>): Behaviour {
  const release = 100
  return (honest, context) => {
    const held = new Map<number, () => void>()
    const replica = honest({
      ...context,
      broadcast: (message, bytes) => {
        const { kind, block } = message as GasperMessage & { kind: 'block' }
        const slot = kind === 'block' ? context.blocks.round(block) : -1
        const delay = delays.get(slot)
        if (delay === undefined) {
          context.broadcast(message, bytes)
          return
        }
        held.set(slot, () => context.broadcast(message, bytes))
        context.setTimer(release + slot, slot * seconds(12) + delay - context.now())
      },
    })
    return {
      ...replica,
      expire: (timer) => (timer < release ? replica.expire(timer) : held.get(timer - release)!()),
    }
  }
}

test('behavior: votes follow the block within 200 ms and without one fall due at 3,999 ms', () => {
  const times = new Map<number, Set<number>>()
  const listen: Behaviour = (honest, context) =>
    honest({
      ...context,
      send: (to, message, bytes) => {
        const { kind, attestations } = message as GasperMessage & { kind: 'attestations' }
        if (kind === 'attestations') {
          const { slot } = attestations[0]!
          if (!times.has(slot)) times.set(slot, new Set())
          times.get(slot)!.add(toMs(context.now() - slot * seconds(12)))
        }
        context.send(to, message, bytes)
      },
    })
  const weights = equalWeights(10)
  const behaviours = new Map(weights.map((_, node) => [node, listen]))
  const run = gasperRun({ weights, behaviours, parameters: steady })
  run.atSlot(20, () => run.cluster.network.takeDown(0))
  run.toSlot(60)
  const proposed = new Set(run.slotsOfChain(run.cluster.head(1)))
  for (const [slot, set] of times) {
    if (proposed.has(slot)) {
      expect(Math.min(...set)).toBeGreaterThanOrEqual(1_400)
      expect(Math.max(...set)).toBeLessThan(1_400 + 80 + 200)
      expect(set.size).toBeGreaterThan(5)
    } else expect([...set]).toEqual([3_999])
  }
  expect(proposed.size).toBeLessThan(59)
})

describe('late blocks', () => {
  const late = 40
  const runOf = (delays: [number, Time][], parameters: object): GasperRun => {
    const weights = equalWeights(10)
    const behaviours = new Map(weights.map((_, node) => [node, withhold(new Map(delays))]))
    return gasperRun({ weights, parameters: { ...parameters }, behaviours })
  }
  const runLate = (delay: Time, parameters: object = steady): GasperRun => {
    const run = runOf([[late, delay]], parameters)
    run.toSlot(64)
    return run
  }
  const votesOf = (run: GasperRun, slot: number) => {
    const { blocks } = run.cluster
    const all = Array.from({ length: blocks.size() - 1 }, (_, index) => index + 1)
    return all
      .flatMap((block) => attestationsOf(run.cluster, block))
      .filter((attestation) => attestation.slot === slot)
      .flatMap(({ head, voters }) =>
        equalWeights(10).flatMap((_, node) => (hasNode(voters, node) ? [blocks.round(head)] : [])),
      )
  }

  test('default: a block after the deadline is voted against', () => {
    const timely = votesOf(runLate(ms(3_900)), late)
    expect(timely.every((head) => head === late)).toBe(true)
    const run = runLate(ms(4_100))
    // Only its proposer, who has had it all along, votes for it.
    const votes = votesOf(run, late)
    expect(votes.filter((head) => head === late)).toHaveLength(1)
    expect(votes.filter((head) => head === late - 1)).toHaveLength(9)
    // Nobody else has proposed meanwhile, so the next proposer still builds on it.
    expect(run.slotsOfChain(run.cluster.head(0))).toContain(late)
  })

  test('behavior: a block from the next slot is orphaned by the boosted one', () => {
    const run = runLate(seconds(12.5))
    const chain = run.slotsOfChain(run.cluster.head(0))
    expect(chain).not.toContain(late)
    expect(chain).toContain(late + 1)
    expect(votesOf(run, late + 1).filter((head) => head === late + 1).length).toBe(10)
  })

  test('behavior: without the boost its proposer’s own vote would save it', () => {
    const run = runLate(seconds(12.5), { ...steady, proposerBoost: 0 })
    const chain = run.slotsOfChain(run.cluster.head(0))
    expect(chain).toContain(late)
    expect(chain).not.toContain(late + 1)
  })
  // It is under way for 80 ms, and has to be there before 3,999 ms.
  test.each([3_919, 4_500])('behavior: a block sent at %i ms gets no boost', (sentAfterMs) => {
    const delays: [number, Time][] = [
      [late, seconds(12.5)],
      [late + 1, ms(sentAfterMs)],
    ]
    const run = runOf(delays, steady)
    const followers = new Set<number>()
    run.cluster.observe({
      headChanged: (node, head) => {
        const { blocks } = run.cluster
        if (blocks.round(head) === late + 1) followers.add(Number(node !== blocks.proposer(head)))
      },
    })
    run.toSlot(64)
    // Only its proposer, for whom it was timely, has followed it for a while.
    expect(followers.has(1)).toBe(false)
    expect(run.slotsOfChain(run.cluster.head(0))).toContain(late)
    expect(run.slotsOfChain(run.cluster.head(0))).not.toContain(late + 1)
  })

  test('behavior: a block that is there just before the deadline is boosted', () => {
    const delays: [number, Time][] = [
      [late, seconds(12.5)],
      [late + 1, ms(3_919) - 1],
    ]
    const run = runOf(delays, steady)
    run.toSlot(64)
    expect(run.slotsOfChain(run.cluster.head(0))).not.toContain(late)
    expect(run.slotsOfChain(run.cluster.head(0))).toContain(late + 1)
  })
})
