import { createSimulation, ms } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import { createNetwork } from './network.ts'
import { placesOf } from './testing/testNetwork.ts'

type Options = { size: number; fifo?: boolean; loss?: number; downlink?: boolean }

/** Everybody says everything twice; the second time even receivers of even numbers know it. */
function outcomeOf(duplicates: 'counted' | 'delivered', { size, fifo, loss }: Options) {
  const simulation = createSimulation({ seed: 'counted' })
  const heard: number[][] = []
  const isIgnored = (to: number, message: number): boolean => message >= 100 && to % 2 === 0
  const network = createNetwork<number>(simulation, {
    name: 'net',
    places: placesOf(size),
    latency: distributedLatency({ kind: 'uniform', low: 10, high: 100 }),
    ...{ duplicates, fifo, lossProbability: loss, countAtOnce: isIgnored },
    deliver: (to, from, message) => {
      if (!isIgnored(to, message)) heard.push([simulation.now(), to, from, message])
      return true
    },
  })
  network.takeDown(3)
  network.takeDown(4)
  for (const message of [1, 101, 2, 102]) {
    for (let from = 0; from < 6; from++) network.broadcast(from, message, 500)
    simulation.run({ until: simulation.now() + ms(20) })
  }
  simulation.run()
  return { outcome: { heard, counters: network.counters() }, events: simulation.events() }
}

test.each([
  { size: 80 },
  { size: 20 },
  { size: 80, fifo: true },
  { size: 80, loss: 0.2 },
  { size: 20, fifo: true, loss: 0.2 },
])('what its receivers ignore is counted at once, %o', (options) => {
  const delivered = outcomeOf('delivered', options)
  const counted = outcomeOf('counted', options)
  expect(delivered.outcome.counters.delivered).toBeGreaterThan(delivered.outcome.heard.length)
  expect(counted.outcome).toEqual(delivered.outcome)
  expect(counted.events).toBeLessThan(delivered.events * 0.85)
})
