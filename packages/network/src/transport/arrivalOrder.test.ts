import { fuzzParameters } from '@counterpoise/dev'
import { distributedLatency } from '../latency.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTestNetwork, placesOf } from '../testing/testNetwork.ts'
import { createArrivalOrder, createSparseOrder } from './arrivalOrder.ts'

test('property: the sparse order says what the dense one says', () => {
  const step = fc.record({
    from: fc.nat(7),
    to: fc.nat(7),
    delay: fc.nat(50),
    wait: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let now = 0
      const dense = createArrivalOrder(8, () => now)
      const sparse = createSparseOrder(8, () => now, 4)
      for (const { from, to, delay, wait } of steps) {
        now += wait
        const expected = dense.after(from, to, now + delay)
        expect(sparse.after(from, to, now + delay)).toBe(expected)
        dense.note(from, to, expected)
        sparse.note(from, to, expected)
      }
    }),
    fuzzParameters(200),
  )
})

test('what arrives a microsecond later is still there when the table was full', () => {
  const order = createSparseOrder(100, () => 7, 4)
  order.note(0, 1, 8)
  for (let to = 2; to < 20; to++) order.note(0, to, 100)
  expect(order.capacity()).toBeGreaterThan(4)
  expect([order.after(0, 1, 7), order.after(1, 0, 7)]).toEqual([8, 7])
})

test('it grows with what is under way, not with the links', () => {
  let now = 0
  const order = createSparseOrder(10_000, () => now)
  for (let index = 0; index < 200_000; index++) {
    now = index
    order.note(index % 10_000, (index * 7_919) % 10_000, now + 500)
  }
  expect(order.capacity()).toBeLessThanOrEqual(8_192)
})

test('10,000 nodes keep the order of their connections', () => {
  const latency = distributedLatency({ kind: 'exponential', mean: 50 })
  const { simulation, network, arrivals } = createTestNetwork({
    places: placesOf(10_000),
    latency,
    fifo: true,
  })
  for (let index = 0; index < 300; index++) {
    network.send(9_999, 9_998, index, 1)
    network.send(9_998, 9_999, index, 1)
  }
  simulation.run()
  for (const to of [9_998, 9_999]) {
    const order = arrivals.flatMap((arrival) => (arrival.to === to ? [arrival.message] : []))
    expect(order).toEqual(Array.from({ length: 300 }, (_, index) => index))
  }
})
