import { bench, describe } from 'vitest'
import { EventQueue } from '../src/index.ts'
import { createBaseline, createPhold } from './phold.ts'

/** Events per round; a round of 100 ns an event takes 1 ms. */
const batch = 10_000

for (const pending of [1_000, 100_000]) {
  describe(`engine/phold/pending=${pending}`, () => {
    const phold = createPhold(pending)
    const baseline = createBaseline(pending)
    bench(`simulation/pending=${pending}/events=${batch}`, () => phold.run(batch))
    bench(`closures/pending=${pending}/events=${batch}`, () => baseline.run(batch))
  })

  describe(`engine/hold/pending=${pending}`, () => {
    for (const delay of ['constant', 'spread'] as const) {
      const queue = new EventQueue()
      const delays = Int32Array.from({ length: 4_096 }, (_, index) =>
        delay === 'constant' ? 1_000 : 1 + ((index * 7_919) % 1_000_000),
      )
      for (let index = 0; index < pending; index++) {
        queue.push(delays[index & 4_095]!, 0, 0, 0, 0, 0, 0)
      }
      bench(`queue/delay=${delay}/pending=${pending}/events=${batch}`, () => {
        for (let index = 0; index < batch; index++) {
          queue.pop()
          queue.push(queue.time + delays[index & 4_095]!, 0, 0, 0, 0, 0, 0)
        }
      })
    }
  })
}
