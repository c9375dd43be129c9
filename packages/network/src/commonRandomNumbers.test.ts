import { describe, expect, test } from 'vitest'
import { distributedLatency } from './latency.ts'
import { createTestNetwork, placesOf } from './testing/testNetwork.ts'

describe('common random numbers', () => {
  const latency = distributedLatency({ kind: 'exponential', mean: 50 })
  /** Arrival times of the last hundred of two hundred messages, after something happened. */
  const lastArrivals = (happen: (world: ReturnType<typeof createTestNetwork>) => () => void) => {
    const world = createTestNetwork({ latency })
    const undo = happen(world)
    for (let index = 0; index < 50; index++) world.network.send(0, 1, index, 1)
    for (let index = 50; index < 100; index++) world.network.multicast(0, [2, 1], index, 1)
    undo()
    for (let index = 100; index < 200; index++) world.network.send(0, 1, index, 1)
    world.simulation.run()
    return world.log().filter(([message]) => message >= 100)
  }

  test('what happened to earlier messages does not shift what later ones draw', () => {
    const expected = lastArrivals(() => () => {})
    expect(expected).toHaveLength(100)
    const variants: Parameters<typeof lastArrivals>[0][] = [
      ({ network }) => {
        network.setLossProbability(0.5)
        return () => network.setLossProbability(0)
      },
      ({ network }) => {
        network.takeDown(0)
        return () => network.bringUp(0)
      },
      ({ network }) => network.addLinkFault({ cut: 'drop' }),
      ({ network }) =>
        network.addLinkFault({ loss: 0.3, delay: { kind: 'exponential', mean: 100 } }),
      ({ network }) => {
        network.assignGroup(1, 1)
        return () => network.assignGroup(1, 0)
      },
    ]
    for (const happen of variants) expect(lastArrivals(happen)).toEqual(expected)
  })

  test('a sender that was down loses later what it would have lost', () => {
    const lossy = (isDown: boolean) => () => {
      const world = createTestNetwork({ latency, lossProbability: 0.3, places: placesOf(60) })
      if (isDown) world.network.takeDown(0)
      for (let index = 0; index < 50; index++) world.network.send(0, 1, index, 1)
      world.network.broadcast(0, 50, 1)
      world.network.bringUp(0)
      for (let index = 51; index < 150; index++) world.network.send(0, 1, index, 1)
      world.simulation.run()
      return world.log().filter(([message]) => message > 50)
    }
    const expected = lossy(false)()
    expect(lossy(true)()).toEqual(expected)
    expect(expected.length).toBeLessThan(90)
  })
})
