import { rateOf } from './measure.ts'
import { createClosurePhold, createHeapPhold, createPhold } from './phold.ts'

/**
 * One round of PHOLD in a process of its own: a queue, how many events are pending, and how many
 * seconds of CPU. Prints millions of events per second.
 */
const loads = {
  engine: createPhold,
  javascript: (pending: number) => createPhold(pending, 'javascript'),
  heap: createHeapPhold,
  closures: createClosurePhold,
}

const [name, pending, seconds] = process.argv.slice(2)
const load = loads[name as keyof typeof loads](Number(pending))
// Long enough for the queues to reach their steady state, and for the compiler.
load.run(Math.max(Number(pending), 1e5) * (name === 'engine' || name === 'javascript' ? 2 : 1))
console.log(rateOf(load, Number(seconds)))
