import { createSimulation } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { monitorAgreement, type AgreementMonitor } from './agreement.ts'
import { createCluster, type Member } from './cluster.ts'
import { createCommittee, equalCommittee } from './committee.ts'
import { defineConsensus } from './contract.ts'

/** Two members who hold for final what the script tells them to, member and block in turn. */
function judged(script: (blocks: BlockStore) => [number, BlockId][]): AgreementMonitor {
  const simulation = createSimulation({ seed: 'agreement' })
  const reports: ((block: BlockId) => void)[] = []
  const member = (node: number): Member => ({
    name: `m${node}`,
    weight: 1,
    attributes: { region: 'lab', operator: 'o' },
  })
  const cluster = createCluster(simulation, {
    name: 'test',
    model: defineConsensus({
      name: 'told',
      parameters: z.strictObject({}),
      finality: 'deterministic',
      dissemination: 'direct',
      faultLimit: () => 0,
      createReplica: (_, { report }) => {
        reports.push(report.finalised)
        return { start: () => {}, receive: () => {}, expire: () => {}, recover: () => {} }
      },
    }),
    parameters: {},
    members: [member(0), member(1)],
    latency: constantLatency(0),
  })
  const monitor = monitorAgreement(cluster)
  for (const [node, block] of script(cluster.blocks)) reports[node]!(block)
  return monitor
}

const append = (blocks: BlockStore, parent: BlockId): BlockId =>
  blocks.append({ parent, proposer: 0, time: 0, round: 0 })

test('members on one chain agree, in whatever steps they go', () => {
  const monitor = judged((blocks) => {
    const chain = [0]
    for (let height = 1; height <= 6; height++) chain.push(append(blocks, chain.at(-1)!))
    return [
      [0, chain[3]!],
      [1, chain[1]!],
      [1, chain[5]!],
      [0, chain[2]!],
      [0, 0],
      [0, chain[6]!],
    ]
  })
  expect(monitor.conflicts()).toEqual([])
  expect(monitor.finalisedCount()).toBe(6)
})

test('two final blocks at one height are a conflict', () => {
  const monitor = judged((blocks) => {
    const [one, other] = [append(blocks, 0), append(blocks, 0)]
    return [
      [0, one],
      [1, other],
    ]
  })
  expect(monitor.conflicts()).toEqual([{ node: 1, block: 2, conflictsWith: 1 }])
  expect(monitor.finalisedCount()).toBe(1)
})

test('a conflict far below is found where the chains part', () => {
  const monitor = judged((blocks) => {
    const shared = append(blocks, 0)
    const [left, right] = [append(blocks, shared), append(blocks, shared)]
    const high = append(blocks, append(blocks, right))
    return [
      [0, left],
      [1, high],
    ]
  })
  expect(monitor.conflicts()).toEqual([{ node: 1, block: 3, conflictsWith: 2 }])
})

test('a member who takes back what was final is a conflict too', () => {
  const monitor = judged((blocks) => {
    const [one, other] = [append(blocks, 0), append(blocks, 0)]
    const high = append(blocks, one)
    return [
      [0, high],
      [0, other],
    ]
  })
  expect(monitor.conflicts()).toHaveLength(1)
})

test('a committee counts weights, and members of weight 0 have no vote', () => {
  expect(createCommittee([2, 0, 0.5, 3])).toEqual({
    size: 4,
    weights: [2, 0, 0.5, 3],
    totalWeight: 5.5,
    voters: [0, 2, 3],
  })
  expect(createCommittee([]).voters).toEqual([])
  expect(equalCommittee(3)).toMatchObject({ size: 3, totalWeight: 3, voters: [0, 1, 2] })
})
