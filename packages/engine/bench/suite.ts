import { AdaptiveQueue } from '../src/adaptiveQueue.ts'
import { openReport } from './benchReport.ts'
import { type Broadcasts, createBroadcast, large, votes } from './broadcast.ts'
import { HeapQueue } from './heapQueue.ts'
import { type Figure, figureOf, interleave, memoryInUse, rateOf } from './measure.ts'
import { compilePriorityQueue, findSimpy, ownProcess } from './others.ts'
import { delaysOf, patternNames } from './patterns.ts'
import { createHold, createPhold } from './phold.ts'
import { measureReplications } from './replications.ts'

const report = openReport({ joins: false })
const { add, derive, flags, rounds, skipped } = report
/** CPU of a round, s. */
const seconds = flags.quick ? 0.1 : 1
const sizes = flags.huge ? [1e3, 1e5, 1e6, 1e7] : [1e3, 1e5, 1e6]

const priorityQueue = compilePriorityQueue()
if (priorityQueue === undefined) skipped.push('std::priority_queue: there is no g++.')
const simpy = findSimpy()
if (simpy === undefined) skipped.push('SimPy: python3 cannot import it.')

/**
 * Each queue runs in a process of its own, ours as those of other languages: what one leaves in
 * memory, and in the compiler's notes, would slow the others down.
 */
function measurePhold(pending: number): Figure {
  // Objects take up to half a kilobyte each: ten million of them fill the memory.
  const isSmall = pending <= 1e6
  const others: Record<string, number[]> = {}
  const pull = (name: string, rates: (rounds: number) => number[]) => (): number => {
    others[name] ??= rates(rounds)
    return others[name].shift()!
  }
  const events = flags.quick ? 200_000 : 2_000_000
  const figures = interleave(
    {
      engine: () => ownProcess('engine', pending, seconds),
      javascript: () => ownProcess('javascript', pending, seconds / 2),
      heap: () => ownProcess('heap', pending, seconds / 2),
      ...(isSmall && { closures: () => ownProcess('closures', pending, seconds / 2) }),
      ...(priorityQueue && {
        'std::priority_queue': () => priorityQueue.phold.rates(pending, events, 1)[0]!,
      }),
      ...(isSmall && simpy && {
        simpy: pull('simpy', (n) => simpy.rates(pending, events / 10, n)),
      }),
    },
    rounds,
  )
  for (const [name, figure] of Object.entries(figures)) {
    add(`phold/${name}/pending=${pending}`, figure)
    if (name === 'engine') continue
    derive(`phold/engine : ${name}/pending=${pending}`, figures['engine']!.median / figure.median)
  }
  return figures['engine']!
}

function measureHold(pattern: string, pending: number): number {
  const delays = delaysOf(pattern)
  const queue = new AdaptiveQueue()
  const ladder = createHold(queue, pending, delays)
  const heap = createHold(new HeapQueue(), pending, delays)
  for (const load of [ladder, heap]) load.run(Math.max(pending, 1e5))
  const figures = interleave(
    {
      ladder: () => rateOf(ladder, seconds / 5),
      heap: () => rateOf(heap, seconds / 5),
    },
    rounds,
  )
  for (const [name, figure] of Object.entries(figures)) {
    add(`hold/${pattern}/${name}/pending=${pending}`, figure)
  }
  if (pattern === 'exponential' && pending >= 1e3) {
    derive(`hold/bytes per event/pending=${pending}`, queue.bytes / pending)
  }
  return figures['ladder']!.median / figures['heap']!.median
}

function measureBroadcast(name: string, broadcasts: Broadcasts): void {
  const together = createBroadcast(true, broadcasts)
  const single = createBroadcast(false, broadcasts)
  for (const load of [together, single]) load.run(500_000)
  const figures = interleave(
    {
      fanout: () => rateOf(together, seconds / 2),
      'one by one': () => rateOf(single, seconds / 2),
    },
    rounds,
  )
  for (const [how, figure] of Object.entries(figures)) add(`${name}/${how}`, figure)
}

async function measureThreads(): Promise<void> {
  const measured = []
  for (let round = 0; round < rounds; round++) {
    // So many that the last one, for which a thread waits, weighs little.
    measured.push(await measureReplications(flags.quick ? 4 : 20))
  }
  if (measured.some(({ areEqual }) => !areEqual)) throw new Error('The threads disagree.')
  const { median, low, high } = figureOf(measured.map(({ one, two }) => two / one))
  derive('replications/two threads : one', median)
  console.log(`  from ${low} to ${high}; wall time: other work on the machine shows`)
}

/** 10⁸ events in one run; the buffers and the heap must not grow. */
function measureLong(): void {
  const load = createPhold(1e5)
  load.run(1e7)
  const before = memoryInUse()
  load.run(9e7)
  const after = memoryInUse()
  derive('long/growth of buffers, MB', (after.buffers - before.buffers) / 1e6)
  derive('long/growth of the heap, MB', (after.heap - before.heap) / 1e6)
}

const rates = sizes.map(measurePhold)
derive('phold/growth, 10⁶ : 10³', rates[2]!.median / rates[0]!.median)
for (const pending of sizes) {
  const ratios = patternNames.map((pattern) => measureHold(pattern, pending))
  derive(`hold/ladder : heap, worst/pending=${pending}`, Math.min(...ratios))
  if (priorityQueue === undefined) continue
  const rate = figureOf(priorityQueue.hold.rates(pending, 1e6, rounds))
  add(`hold/exponential/std::priority_queue/pending=${pending}`, rate)
}
// A simulation of a few events should not pay for the room of a million.
for (const pending of [1, 10]) {
  derive(`hold/ladder : heap, few/pending=${pending}`, measureHold('exponential', pending))
}
measureBroadcast('broadcast', large)
measureBroadcast('votes', votes)
await measureThreads()
if (flags.long) measureLong()

report.close()
