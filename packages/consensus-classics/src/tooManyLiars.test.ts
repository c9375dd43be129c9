import { createCluster, twin } from '@counterpoise/consensus'
import { faultOf } from '@counterpoise/consensus/testing'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { pbft } from './pbft/pbft.ts'
import { tendermint } from './tendermint/tendermint.ts'

/** Members 0 … liars − 1 have a twin each; the honest ones hear only their side of them. */
function runSplit(model: typeof pbft | typeof tendermint, liars: number): string | undefined {
  const simulation = createSimulation({ seed: 'split' })
  const behaviour = twin([0, 1, 2], [0, 1, 3])
  const cluster = createCluster(simulation, {
    name: 'split',
    model: model as typeof pbft,
    parameters: model.parameters.parse({}) as never,
    members: Array.from({ length: 4 }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(ms(40)),
    behaviours: new Map(Array.from({ length: liars }, (_, node) => [node, behaviour])),
  })
  cluster.network.addLinkFault({ from: [2], to: [3], bothWays: true, cut: 'drop' })
  const journal: { time: number; node: number; word: 'finalised'; block: number }[] = []
  cluster.observe({
    finalised: (node, block) =>
      journal.push({ time: simulation.now(), node, word: 'finalised', block }),
  })
  simulation.run({ until: seconds(60) })
  expect(journal.length).toBeGreaterThan(0)
  const lying = new Set(Array.from({ length: liars }, (_, node) => node))
  return faultOf({}, { cluster, journal } as never, lying)
}

describe.each([pbft, tendermint])('$name, four members, two honest ones cut off', (model) => {
  test('behavior: with f twins they agree', () => {
    expect(runSplit(model, 1)).toBe(undefined)
  })

  test('behavior: with f + 1 twins they do not', () => {
    expect(runSplit(model, 2)).toMatch(/are both final/)
  })
})
