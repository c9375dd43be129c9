import { createResource, createSimulation, hold, minutes, process } from '@counterpoise/engine'

const simulation = createSimulation({ seed: 'first processes' })
const counter = createResource(simulation, { name: 'counter', capacity: 2 })
for (const name of ['Ada', 'Barbara', 'Grace']) {
  process(simulation, name, function* () {
    yield* counter.use(() => hold(minutes(3)))
    console.log(`${name} was served after ${simulation.now() / minutes(1)} minutes`)
  })
}
simulation.run()
