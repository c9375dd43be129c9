import { createResource, createSimulation, formatEvents, hold } from '@counterpoise/engine'
import { exponential, microseconds, minutes, process } from '@counterpoise/engine'
import { recordTrace, toSeconds } from '@counterpoise/engine'

const simulation = createSimulation({ seed: 'monitoring' })
const desk = createResource(simulation, { name: 'desk', capacity: 1 })
const [arrivals, service] = [simulation.stream('arrivals'), simulation.stream('service')]
const drawn = (stream: typeof arrivals, mean: number) =>
  hold(microseconds(exponential(stream, minutes(mean))))

process(simulation, 'door', function* () {
  for (;;) {
    yield* drawn(arrivals, 5)
    process(simulation, 'guest', () => desk.use(() => drawn(service, 4)))
  }
})
// A monitor: a process that looks every minute.
const lengths: number[] = []
process(simulation, 'monitor', function* () {
  for (;;) {
    yield* hold(minutes(1))
    lengths.push(desk.queueLength())
  }
})

simulation.run({ until: minutes(1_000) })
desk.resetStatistics() // What came before was the warm-up.
const trace = recordTrace(simulation, { limit: 3 })
simulation.run({ until: minutes(50_000) })

const { utilisation, meanQueue, meanWait, queueMax } = desk.statistics()
console.log(`in use ${utilisation.toFixed(2)}, queue ${meanQueue.toFixed(2)}, most ${queueMax}`)
console.log(`mean wait ${toSeconds(meanWait).toFixed(0)} s, the last length seen ${lengths.at(-1)}`)
console.log(formatEvents(trace.events()))
