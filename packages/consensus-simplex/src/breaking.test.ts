import { twin } from '@counterpoise/consensus'
import { seconds } from '@counterpoise/engine'
import type { NodeId } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { createTrial, type Trial } from './testing.ts'

/**
 * Members that each run two replicas with one key, one for either half of the honest members:
 * each replica follows the protocol, and only together do they contradict themselves.
 */
function conspire(voters: number, liars: number, parameters: Record<string, unknown>): Trial {
  const honest = Array.from({ length: voters - liars }, (_, index) => liars + index)
  const half = Math.ceil(honest.length / 2)
  const lying = Array.from({ length: liars }, (_, node) => node)
  const behaviour = twin([...lying, ...honest.slice(0, half)], [...lying, ...honest.slice(half)])
  const trial = createTrial({
    voters,
    parameters,
    behaviours: new Map(lying.map((node): [NodeId, typeof behaviour] => [node, behaviour])),
  })
  trial.run(seconds(30))
  return trial
}

describe.each([
  { name: 'default', parameters: {} },
  { name: 'deferred', parameters: { dissemination: 'deferred' } },
  { name: 'coded', parameters: { dissemination: 'coded' } },
  { name: 'terms', parameters: { termViews: 8, optimisticViews: 3 } },
  { name: 'epochs', parameters: { epochBlocks: 6 } },
])('conspirators, $name', ({ parameters }) => {
  // A quorum of n − f with one half of the n − l honest members takes l ≥ (n + 1) / 3 or more.
  test.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])('of %i members, f = %i cannot break agreement, and f + 1 do', (voters, limit) => {
    const lying = (count: number) => new Set(Array.from({ length: count }, (_, node) => node))
    const within = conspire(voters, limit, parameters)
    const { blocks } = within.cluster
    expect(within.agreement.conflicts()).toEqual([])
    expect(within.witness.violations(blocks, lying(limit))).toEqual([])

    const beyond = conspire(voters, limit + 1, parameters)
    expect(beyond.agreement.conflicts()).not.toEqual([])
    // Both checkers see it: what is final for members, and what they have said.
    const violations = beyond.witness.violations(beyond.cluster.blocks, lying(limit + 1))
    expect(violations.some((text) => text.includes('S1'))).toBe(true)
  })
})
