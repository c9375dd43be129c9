import { ms } from '@counterpoise/engine'
import { expect, test } from 'vitest'
import { createTestNetwork } from './testing/testNetwork.ts'

test('what had arrived at the cut comes before what was sent during it', () => {
  const delays = [ms(10), 0]
  const latency = { sample: () => delays.shift()!, typical: () => 0 }
  const { simulation, network, log } = createTestNetwork({ latency, partitionMode: 'hold' })
  network.send(0, 1, 1, 1)
  network.assignGroup(0, 1)
  network.send(0, 1, 2, 1)
  simulation.run({ until: ms(30) })
  network.assignGroup(0, 0)
  simulation.run()
  expect(log()).toEqual([
    [1, 1, ms(30)],
    [2, 1, ms(30)],
  ])
})

test('nothing overtakes what was held, whatever was held on other links', () => {
  const delays = { 1: [ms(100), ms(1)], 2: [ms(10)] } as Record<number, number[]>
  const latency = { sample: (_: number, to: number) => delays[to]!.shift()!, typical: () => 0 }
  const { simulation, network, log } = createTestNetwork({ latency, partitionMode: 'hold' })
  network.assignGroup(0, 1)
  network.send(0, 1, 1, 1)
  network.send(0, 2, 2, 1)
  network.assignGroup(0, 0)
  simulation.run({ until: ms(20) })
  network.send(0, 1, 3, 1)
  simulation.run()
  expect(log()).toEqual([
    [2, 2, ms(10)],
    [1, 1, ms(100)],
    [3, 1, ms(100)],
  ])
})

test('a copy is let go where its own way is free, whatever holds the way back', () => {
  const { simulation, network, log } = createTestNetwork()
  const ends = [
    network.addLinkFault({ from: [0], to: [1], cut: 'hold' }),
    network.addLinkFault({ from: [1], to: [0], cut: 'hold' }),
  ]
  network.send(0, 1, 1, 1)
  network.send(1, 0, 2, 1)
  simulation.run({ until: ms(30) })
  ends[0]!()
  simulation.run({ until: ms(60) })
  expect(log()).toEqual([[1, 1, ms(40)]])
  ends[1]!()
  simulation.run()
  expect(log().at(-1)).toEqual([2, 0, ms(70)])
})

test('what is held takes as long as its link took when it was sent', () => {
  const { simulation, network, log } = createTestNetwork()
  const delay = { kind: 'constant', value: 5 } as const
  const ends = [{ delay }, { cut: 'hold' as const }].map(network.addLinkFault)
  network.send(0, 1, 1, 1)
  simulation.run({ until: ms(20) })
  for (const end of ends) end()
  network.send(0, 2, 2, 1)
  simulation.run()
  expect(log()).toEqual([
    [2, 2, ms(30)],
    [1, 1, ms(35)],
  ])
})

test('a sender that goes down loses what a cut holds of it', () => {
  const { simulation, network, arrivals } = createTestNetwork({ partitionMode: 'hold' })
  network.assignGroup(0, 1)
  network.send(0, 1, 1, 1)
  network.send(1, 0, 2, 1)
  network.takeDown(0)
  network.bringUp(0)
  network.assignGroup(0, 0)
  simulation.run()
  expect(arrivals.map(({ message }) => message)).toEqual([2])
  expect(network.counters()).toMatchObject({ sent: 2, delivered: 1, dropped: 1 })
})

test('changing the mode lets go of what was held', () => {
  const { simulation, network, log } = createTestNetwork({ partitionMode: 'hold' })
  network.assignGroup(0, 1)
  network.send(0, 1, 1, 1)
  simulation.run({ until: ms(5) })
  network.setPartitionMode({ slow: 1 })
  network.send(0, 1, 2, 1)
  simulation.run()
  expect(log()).toEqual([
    [1, 1, ms(15)],
    [2, 1, ms(15) + 1],
  ])
})
