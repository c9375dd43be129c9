import type { Time } from './time.ts'

/** Sees every event before its handler does; it must not touch the simulation. */
export type EventProbe = (
  time: Time,
  kind: number,
  target: number,
  a: number,
  b: number,
  c: number,
) => void

/** One function for all probes, or none where there are none: that is what an event pays for. */
export function joinProbes(probes: readonly EventProbe[]): EventProbe | undefined {
  if (probes.length < 2) return probes[0]
  return (time, kind, target, a, b, c) => {
    for (const probe of probes) probe(time, kind, target, a, b, c)
  }
}
