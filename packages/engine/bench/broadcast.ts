import { createSimulation } from '../src/index.ts'
import type { Load } from './phold.ts'

const receivers = 1_000

/** Broadcasts to a thousand receivers, a few on their way at a time; counted in deliveries. */
export function createBroadcast(asFanout: boolean): Load {
  const simulation = createSimulation({ seed: 'broadcast' })
  const stream = simulation.stream('latency')
  // Drawing latencies is the network's work and is measured there.
  const latencies = Float64Array.from({ length: 65_536 }, () => 10_000 + stream.below(90_000))
  const times = new Float64Array(receivers)
  const targets = Int32Array.from({ length: receivers }, (_, target) => target)
  const deliver = simulation.define('deliver', () => {})
  let next = 0
  const send = simulation.define('send', (count) => {
    const now = simulation.now()
    for (let index = 0; index < receivers; index++) {
      times[index] = now + latencies[next++ & 65_535]!
    }
    if (asFanout) simulation.fanout(deliver, receivers, times, targets, count)
    else {
      for (let index = 0; index < receivers; index++) {
        simulation.at(times[index]!, deliver, targets[index]!, count)
      }
    }
    simulation.after(20_000, send, count + 1)
  })
  simulation.at(0, send)
  return { run: (events) => void simulation.run({ eventsMax: events }) }
}
