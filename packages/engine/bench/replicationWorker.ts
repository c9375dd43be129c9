import { parentPort } from 'node:worker_threads'
import { createSimulation, exponential } from '../src/index.ts'

/** Runs the replication that it is asked for and answers with its digest. */
parentPort!.on('message', (replication: number) => {
  const simulation = createSimulation({ seed: 'replications', replication })
  const stream = simulation.stream('hop')
  const hop = simulation.define('hop', () => schedule())
  const schedule = (): void => {
    simulation.after(Math.round(exponential(stream, 1_000_000)), hop, stream.below(1_024))
  }
  for (let index = 0; index < 10_000; index++) schedule()
  simulation.run({ eventsMax: 2_000_000 })
  parentPort!.postMessage(simulation.digest())
})
