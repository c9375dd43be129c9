import { createSimulation } from '../src/index.ts'
import type { Load } from './phold.ts'

/** How many hear each broadcast, and after how many µs the next one is sent. */
export type Broadcasts = { receivers: number; period: number }

/** A thousand hear each, four or five on their way at a time. */
export const large: Broadcasts = { receivers: 1_000, period: 20_000 }
/** Votes of a committee: fifty hear each, some 240 on their way. */
export const votes: Broadcasts = { receivers: 50, period: 400 }

/** Broadcasts as fan-outs or one by one; counted in deliveries. */
export function createBroadcast(asFanout: boolean, { receivers, period }: Broadcasts): Load {
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
    simulation.after(period, send, count + 1)
  })
  simulation.at(0, send)
  return { run: (events) => void simulation.run({ eventsMax: events }) }
}
