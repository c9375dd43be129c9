import type { Simulation } from '@counterpoise/engine'

/** 32 public random bits for each round, drawn when a round is first asked for. */
export function createBeacon(simulation: Simulation, purpose: string): (round: number) => number {
  const drawn = new Map<number, number>()
  return (round) => {
    let bits = drawn.get(round)
    if (bits === undefined) {
      bits = simulation.detachedStream(purpose, round).bits()
      drawn.set(round, bits)
    }
    return bits
  }
}
