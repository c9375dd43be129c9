import { createBeaconNetwork, createSimulation, hours } from 'counterpoise'

const nodes = Array.from({ length: 100 }, (_, index) => ({
  entity: `entity ${index}`,
  validators: 9_000,
  // Four tenths of the stake are down from slot 96 to slot 224.
  down: index < 40 ? [[96, 224] as const] : [],
}))
const simulation = createSimulation({ seed: 'outage' })
const network = createBeaconNetwork(simulation, { nodes })
simulation.run({ until: hours(2) })
const { participation, headAccuracy, finalityDelaysSeconds } = network.measures.summary()
console.log('voted:', participation.toFixed(3), 'for the right head:', headAccuracy.toFixed(3))
console.log('longest until final:', Math.max(...finalityDelaysSeconds).toFixed(), 's')
