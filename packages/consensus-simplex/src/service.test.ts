import { createCluster, type ServiceTimes } from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { constantLatency, type Latency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { simplex, simplexParameters } from './index.ts'

const hop = ms(40)
type Times = { notarised: Time[]; finalised: Time[] }

/** When those who do not lead hold the first block for notarised and for final. */
function run(service: ServiceTimes, latency = constantLatency(hop)): Times {
  const simulation = createSimulation({ seed: 'service' })
  const cluster = createCluster(simulation, {
    name: 'simplex',
    model: simplex,
    parameters: simplexParameters.parse({}),
    members: Array.from({ length: 4 }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency,
    service,
  })
  let start = 0
  let leader = -1
  const times: Times = { notarised: [], finalised: [] }
  const note = (word: keyof Times) => (node: number, block: number) => {
    if (block === 1 && node !== leader) times[word].push(simulation.now() - start)
  }
  cluster.observe({
    proposed: (node, block) => {
      if (block !== 1) return
      leader = node
      start = simulation.now()
    },
    notarised: note('notarised'),
    finalised: note('finalised'),
  })
  simulation.run({ until: seconds(1) })
  return times
}

test('four members: one vote to notarise, two more to finalise, and nothing that is known', () => {
  // The block proposes itself; of the others' votes one is needed, which makes a quorum with two.
  // The vote and the certificates behind it say nothing new; to finalise two votes are needed.
  for (const [vote, certificate] of [
    [0, 0],
    [ms(1), 0],
    [0, ms(1)],
    [ms(1), ms(2)],
  ] as const) {
    const { notarised, finalised } = run({ vote, certificate })
    expect(notarised).toEqual(Array.from({ length: 3 }, () => 2 * hop + vote))
    expect(finalised).toEqual(Array.from({ length: 3 }, () => 3 * hop + 3 * vote))
  }
})

test('who has a certificate before the votes verifies that alone', () => {
  // The leader of the first view is member 1. What others send to member 3 takes ten hops.
  const { sample, typical } = constantLatency(hop)
  const latency: Latency = {
    typical,
    sample: (from, to, stream) => (to === 3 && from !== 1 ? 10 : 1) * sample(from, to, stream),
  }
  const { notarised } = run({ vote: ms(1), certificate: ms(7) }, latency)
  // Member 1 has a quorum after two votes; its certificate is at member 3 a hop later.
  expect(notarised).toEqual([...[2 * hop + ms(1), 2 * hop + ms(1)], 3 * hop + ms(2) + ms(7)])
})
