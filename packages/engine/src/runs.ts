import type { Simulation } from './simulation.ts'

/** Something that runs: a simulation, or a world that has one. */
export type Run = Simulation | { simulation: Simulation }

/** The simulation of a run. */
export const simulationOf = (run: Run): Simulation => ('simulation' in run ? run.simulation : run)

/** Executes events until so many have happened or none is pending. */
export function runToEvent(simulation: Simulation, events: number): void {
  // A handler may stop a step early; going on is what was asked for.
  while (simulation.events() < events && simulation.pending() > 0) {
    simulation.step(events - simulation.events())
  }
}
