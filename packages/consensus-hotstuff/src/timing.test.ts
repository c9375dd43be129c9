import { createCluster } from '@counterpoise/consensus'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'
import { certificateBytes, voteBytes } from './messages.ts'
import { hotStuffParameters } from './parameters.ts'

const hop = ms(40)

function createTrial(model: typeof hotstuff, voters: number, given: object = {}) {
  const simulation = createSimulation({ seed: 'hotstuff' })
  const cluster = createCluster(simulation, {
    name: 'hotstuff',
    model,
    parameters: hotStuffParameters.parse({ pacingMs: 0, ...given }),
    members: Array.from({ length: voters }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(hop),
  })
  const reports: { time: number; word: string; node: number; block: number }[] = []
  for (const word of ['proposed', 'received', 'notarised', 'finalised'] as const) {
    cluster.observe({
      [word]: (node: number, block: number) =>
        reports.push({ time: simulation.now(), word, node, block }),
    })
  }
  const of = (word: string, block?: number) =>
    reports.filter((each) => each.word === word && (block ?? each.block) === each.block)
  return { simulation, cluster, of }
}

describe.each([
  { model: jolteon, first: 4, all: 5 },
  { model: hotstuff, first: 6, all: 7 },
])('$model.name', ({ model, first, all }) => {
  test.each([4, 7])('%i members: certified after 2 and 3 hops, final after more', (voters) => {
    const { cluster, of, simulation } = createTrial(model, voters)
    simulation.run({ until: seconds(3) })
    for (let block = 1; block <= 20; block++) {
      const [proposal] = of('proposed', block)
      const at = proposal!.time
      // A block every two hops, each leader in turn.
      expect(at).toBe((block - 1) * 2 * hop)
      expect(cluster.blocks.proposer(block)).toBe((block - 1) % voters)
      // The next leader makes the certificate, the others have it with the next proposal.
      const hopsOf = (word: string): number[] =>
        of(word, block).map(({ time }) => (time - at) / hop)
      const others = (count: number, hops: number): number[] => Array(count).fill(hops)
      expect(hopsOf('received')).toEqual(others(voters - 1, 1))
      expect(hopsOf('notarised')).toEqual([2, ...others(voters - 1, 3)])
      expect(hopsOf('finalised')).toEqual([first, ...others(voters - 1, all)])
    }
  })

  test.each([4, 10])('messages and bytes per block of %i members', (voters) => {
    const { cluster, of, simulation } = createTrial(model, voters)
    const blocks = 12
    simulation.run({ until: blocks * 2 * hop - 1 })
    expect(of('proposed')).toHaveLength(blocks)
    const { sent, bytes } = cluster.network.counters()
    const links = voters - 1
    // A proposal to each other member, and a vote of each member but the next leader.
    expect(sent).toBe(blocks * 2 * links)
    const quorum = voters - Math.floor(links / 3)
    const proposal = 200 + certificateBytes(quorum) + voteBytes
    expect(bytes).toBe(blocks * links * (proposal + voteBytes))
  })

  test('behavior: a leader that is down costs a round and the block before its own', () => {
    const { cluster, of, simulation } = createTrial(model, 4, { roundTimeoutMs: 1_000 })
    cluster.network.takeDown(3)
    simulation.run({ until: seconds(30) })
    const { blocks } = cluster
    const proposals = of('proposed').slice(0, 9)
    // Rounds 4, 8, … have no leader; the votes of the rounds before go to them and are lost.
    expect(proposals.map(({ block }) => blocks.round(block))).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11])
    expect(blocks.round(blocks.parent(proposals[3]!.block))).toBe(2)
    // With two certificates in a row blocks get final; three in a row never come to be.
    if (model === jolteon) expect(of('finalised').length).toBeGreaterThan(10)
    else expect(of('finalised')).toEqual([])
  })

  test('behavior: by reputation, a member that is down hardly ever leads', () => {
    const given = { roundTimeoutMs: 1_000, leaders: 'reputation' }
    const { cluster, of, simulation } = createTrial(model, 7, given)
    simulation.run({ until: seconds(5) })
    cluster.network.takeDown(3)
    simulation.run({ until: seconds(60) })
    const { blocks } = cluster
    const rounds = of('proposed')
      .filter(({ time }) => time > seconds(20))
      .map(({ block }) => blocks.round(block))
    const span = rounds.at(-1)! - rounds[0]! + 1
    expect(rounds.length / span).toBeGreaterThan(0.98)
    expect(new Set(of('proposed').map(({ node }) => node)).size).toBe(7)
  })
})
