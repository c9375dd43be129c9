import type { Report } from './compare.ts'

/** What the engine wants to reach: a figure that is derived, and its bound. */
type Goal = { name: string; atLeast?: number; atMost?: number; of: (report: Report) => number[] }

const derived =
  (...names: readonly string[]) =>
  (report: Report): number[] =>
    names.flatMap((name) => report.derived[name] ?? [])

const starting =
  (start: string) =>
  ({ derived: all }: Report): number[] =>
    Object.keys(all).flatMap((name) => (name.startsWith(start) ? [all[name]!] : []))

const median =
  (name: string) =>
  ({ figures }: Report): number[] =>
    figures[name] === undefined ? [] : [figures[name].median]

const million = 'pending=1000000'

const goals: readonly Goal[] = [
  {
    name: 'PHOLD : closures at 10⁶',
    atLeast: 15,
    of: derived(`phold/engine : closures/${million}`),
  },
  {
    name: 'PHOLD : std::priority_queue at 10⁶',
    atLeast: 2.5,
    of: derived(`phold/engine : std::priority_queue/${million}`),
  },
  { name: 'PHOLD : SimPy at 10⁶', atLeast: 35, of: derived(`phold/engine : simpy/${million}`) },
  { name: 'PHOLD : heap, worst size', atLeast: 1, of: starting('phold/engine : heap/') },
  { name: 'PHOLD at 10⁶ : at 10³', atLeast: 0.6, of: derived('phold/growth, 10⁶ : 10³') },
  {
    name: 'hold : heap, worst pattern and size',
    atLeast: 1,
    of: starting('hold/ladder : heap, worst'),
  },
  { name: 'hold : heap, few pending', atLeast: 1, of: starting('hold/ladder : heap, few') },
  {
    name: 'bytes per pending event at 10⁶',
    atMost: 48,
    of: derived(`hold/bytes per event/${million}`),
  },
  { name: 'deliveries of a broadcast, M/s', atLeast: 10, of: median('broadcast/fanout') },
  {
    name: 'two threads : one',
    atLeast: 1.8,
    of: derived('replications/two threads : one'),
  },
  {
    // Garbage is collected before; what is left of it is the compiler's.
    name: 'growth in 10⁸ events, MB',
    atMost: 1,
    of: starting('long/growth'),
  },
  {
    name: 'deliveries of a gossip mesh of 10⁴ nodes, M/s',
    atLeast: 3,
    of: median('network/gossipMesh/streams=shared/messages=10/nodes=10000'),
  },
  {
    name: 'bytes per node of a gossip mesh',
    atMost: 1_024,
    of: derived('network/bytes per node/gossipMesh/nodes=10000'),
  },
  {
    name: 'blocks of proof of work at miner level, M/s',
    atLeast: 2,
    of: median('consensus-pow/miner level/miners=16/delay=1800 ms'),
  },
  {
    name: 'SimBlock, 600 nodes and 1,000 blocks, whole process, s',
    atMost: 1.5,
    of: derived('preset/simblock-600/whole process, s'),
  },
  {
    name: 'SimBlock, 9,000 nodes and 100 blocks, whole process, s',
    atMost: 6,
    of: derived('preset/simblock-9000/whole process, s'),
  },
  {
    name: 'a day of Bitcoin in 2025, whole process, s',
    atMost: 8,
    of: derived('preset/bitcoin-2025/whole process, s'),
  },
  {
    name: 'memory of SimBlock, whole process, MB',
    atMost: 300,
    of: derived(
      'preset/simblock-600/whole process, MB',
      'preset/simblock-9000/whole process, MB',
    ),
  },
  {
    name: 'a day of 1,000 beacon nodes, s',
    atMost: 60,
    of: derived('consensus-pos/day/nodes=1000,slots=7200, s'),
  },
  {
    name: 'memory of that day, MB',
    atMost: 1_024,
    of: derived('consensus-pos/day/memory, MB'),
  },
  {
    name: '10,000 epochs of 100 groups, s',
    atMost: 2,
    of: derived('consensus-pos/epochs=10000,groups=100, s'),
  },
  {
    name: 'messages of PBFT among 64, M/s',
    atLeast: 1.5,
    of: median('consensus/pbft/members=64'),
  },
  {
    name: 'an hour of Simplex among 50, s',
    atMost: 20,
    of: derived('consensus/simplex/run/members=50,seconds=3600'),
  },
  {
    name: 'ten minutes of Simplex among 200, s',
    atMost: 60,
    of: derived('consensus/simplex/run/members=200,seconds=600'),
  },
]

/** The goals that this run measured beside what it found, the worst where there are several. */
export function compareWithGoals(report: Report): { name: string; found: number; line: string }[] {
  return goals.flatMap(({ name, atLeast, atMost, of }) => {
    const found = of(report)
    const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
    if (found.length === 0) return []
    const worst = atLeast === undefined ? Math.max(...found) : Math.min(...found)
    const isReached = atLeast === undefined ? worst <= atMost! : worst >= atLeast
    const full = `goal/${name} ${bound}`
    const line = `${full.padEnd(56)} ${worst} ${isReached ? 'reached' : 'MISSED'}`
    return [{ name: full, found: worst, line }]
  })
}
