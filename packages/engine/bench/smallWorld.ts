import {
  createDiscrete,
  createSampler,
  createSimulation,
  createZipf,
  type EventHandle,
  ms,
  priorities,
  type Simulation,
  type SimulationOptions,
  sin,
} from '../src/index.ts'

/**
 * A PHOLD with some of everything whose digest must agree on all machines: all distributions,
 * trigonometry, priorities, ties, and a timer per entity that is started again and again.
 */
export function createSmallWorld(options: SimulationOptions): Simulation {
  const simulation = createSimulation(options)
  const entities = 200
  const timers = new Map<number, EventHandle>()
  const delays = [
    createSampler({ kind: 'exponential', mean: 50 }),
    createSampler({ kind: 'lognormal', median: 30, sigma: 1 }),
    createSampler({ kind: 'pareto', scale: 10, shape: 1.2 }),
    createSampler({ kind: 'normal', mean: 50, deviation: 10 }),
    createSampler({ kind: 'uniform', low: 0, high: 100 }),
    createSampler({ kind: 'constant', value: 50 }),
  ]
  const model = createDiscrete([4, 2, 1, 1, 1, 1])
  const popular = createZipf(entities, 1.1)

  const hop = simulation.define('hop', (from, count) => {
    const stream = simulation.stream('hop', from)
    const delay = delays[model(stream)]!(stream) * (1 + sin(simulation.now()) / 2)
    const to = popular(stream)
    // Rounded up to a tenth of a millisecond, so that there are ties.
    simulation.after(ms(Math.ceil(Math.max(0, delay) * 10) / 10), hop, to, count + 1)
    const running = timers.get(to)
    if (running !== undefined) simulation.cancel(running)
    timers.set(to, simulation.after(ms(40), timeout, to))
  })
  const timeout = simulation.define('timeout', () => {}, priorities.timer)
  for (let entity = 0; entity < entities; entity++) simulation.at(0, hop, entity)
  return simulation
}
