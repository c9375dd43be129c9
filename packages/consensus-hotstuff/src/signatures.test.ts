import { createCluster, type ServiceTimes } from '@counterpoise/consensus'
import { createSimulation, ms, seconds, type Time } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { hotstuff, jolteon } from './hotstuff.ts'

const hop = ms(40)

/** Times between proposals of a chain of seven members. */
function intervals(model: typeof hotstuff, service: ServiceTimes): Time[] {
  const simulation = createSimulation({ seed: 'service' })
  const cluster = createCluster(simulation, {
    name: 'chain',
    model,
    parameters: model.parameters.parse({ pacingMs: 0 }),
    members: Array.from({ length: 7 }, (_, node) => ({
      name: `member-${node}`,
      attributes: { region: 'here', operator: `operator-${node}` },
      weight: 1,
    })),
    latency: constantLatency(hop),
    service,
  })
  const times: Time[] = []
  cluster.observe({ proposed: () => times.push(simulation.now()) })
  simulation.run({ until: seconds(3) })
  return times.slice(3).map((time, index) => time - times[index + 2]!)
}

test.each([hotstuff, jolteon])('$name: two hops, and what is verified on the way', (model) => {
  for (const [vote, certificate] of [
    [0, 0],
    [ms(1), 0],
    [ms(1), ms(3)],
  ] as const) {
    const found = intervals(model, { vote, certificate })
    expect(found.length).toBeGreaterThan(10)
    // Who leads next waits for members that have checked the proposal and the certificate in it,
    // and then checks what makes a quorum of five with two votes that are there, or all six.
    const checked = 2 * hop + vote + certificate
    for (const interval of found) {
      expect(interval).toBeGreaterThanOrEqual(checked + 3 * vote)
      expect(interval).toBeLessThanOrEqual(checked + 6 * vote)
    }
  }
})
