import { cpuSeconds, openReport } from '@counterpoise/engine/bench'
import { comparedProtocols } from '../src/protocols.ts'
import { runProtocol, type RunningProtocol } from './worlds.ts'

const report = openReport({ joins: true })
const { derive, flags } = report
/** CPU of a round, s. */
const seconds = flags.quick ? 0.1 : 0.5

/** Millions of messages per second of CPU that arrive and are worked on. */
function rateOf(world: RunningProtocol): number {
  const start = cpuSeconds()
  const before = world.delivered()
  let used = 0
  while (used < seconds) {
    world.run(1)
    used = cpuSeconds() - start
  }
  return (world.delivered() - before) / used / 1e6
}

function measure(worlds: Readonly<Record<string, RunningProtocol>>): Record<string, number> {
  // Ten blocks and more: what is compiled is compiled by then.
  for (const world of Object.values(worlds)) while (world.finals() < 10) world.run(1)
  const pulls = Object.entries(worlds).map(([name, world]) => [name, () => rateOf(world)] as const)
  return report.measure(Object.fromEntries(pulls))
}

/** CPU seconds that a protocol takes for so many virtual seconds, from its beginning. */
function virtualTime(name: string, members: number, virtualSeconds: number): void {
  const start = cpuSeconds()
  const world = runProtocol(comparedProtocols[name]!, members)
  world.run(virtualSeconds)
  const used = cpuSeconds() - start
  derive(`consensus/${name}/run/members=${members},seconds=${virtualSeconds}`, used)
}

const sizes = [4, 16, 50, 100, 200]
for (const [name, protocol] of Object.entries(comparedProtocols)) {
  const label = (members: number): string => `consensus/${name}/members=${members}`
  const all = name === 'pbft' ? [...sizes, 64] : sizes
  const worlds = all.map((members) => [label(members), runProtocol(protocol, members)] as const)
  const medians = measure(Object.fromEntries(worlds))
  derive(`consensus/${name}/growth, 200 : 16`, medians[label(200)]! / medians[label(16)]!)
}

// The goals of speed: about a minute of one core.
if (!flags.quick) {
  virtualTime('simplex', 50, 3_600)
  virtualTime('simplex', 200, 600)
}

report.close()
