import { type ConsensusModel, createCluster, type ServiceTimes } from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { minimmit } from './minimmit/minimmit.ts'
import { pbft } from './pbft/pbft.ts'
import { tendermint } from './tendermint/tendermint.ts'

const hop = ms(40)

type Run = { times: Time[]; digest: string }

/** How long after its proposal each member holds the first block for final. */
function run(model: ConsensusModel, members: number, service?: ServiceTimes): Run {
  const simulation = createSimulation({ seed: 'service' })
  const cluster = createCluster(simulation, {
    name: 'service',
    model,
    parameters: model.parameters.parse({}),
    members: Array.from({ length: members }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(hop),
    service,
  })
  let start = 0
  const times: Time[] = []
  cluster.observe({
    proposed: (_node, block) => {
      if (block === 1) start = simulation.now()
    },
    finalised: (_node, block) => {
      if (block === 1) times.push(simulation.now() - start)
    },
  })
  simulation.run({ until: seconds(2) })
  return { times, digest: simulation.digest() }
}

const free: ServiceTimes = { vote: 0, certificate: 0 }

describe.each([pbft, tendermint, minimmit])('$name', (model) => {
  const members = model === minimmit ? 6 : 4

  test('default: verifying that takes no time changes nothing', () => {
    expect(run(model, members, free).digest).toBe(run(model, members).digest)
  })

  test('behavior: what verifying takes, finality takes more', () => {
    const last = (service: ServiceTimes): Time => Math.max(...run(model, members, service).times)
    const slow = last({ vote: ms(1), certificate: 0 })
    expect(slow).toBeGreaterThan(last(free))
    expect(last({ vote: ms(2), certificate: 0 })).toBeGreaterThan(slow)
  })
})

test('pbft: four members decide after three hops and four verifications', () => {
  // The proposal; one prepare of another; two commits, behind one more prepare at the same member.
  for (const vote of [ms(1), ms(5), ms(10)]) {
    expect(run(pbft, 4, { vote, certificate: 0 }).times).toEqual(
      Array.from({ length: 4 }, () => 3 * hop + 4 * vote),
    )
  }
})
