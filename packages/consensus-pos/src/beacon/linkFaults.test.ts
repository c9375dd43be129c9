import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { describe, expect, test } from 'vitest'
import { createBeaconNetwork } from './beaconNetwork.ts'
import type { BeaconNetworkOptions } from './beaconOptions.ts'

const slotTime = seconds(12)
const nodesOf = (count: number) =>
  Array.from({ length: count }, (_, node) => ({ entity: `entity ${node}`, validators: 100 }))

function open(change: Partial<BeaconNetworkOptions> = {}) {
  const simulation = createSimulation({ seed: 'faults' })
  const network = createBeaconNetwork(simulation, { nodes: nodesOf(40), ...change })
  const at = (slot: number, act: () => void): void => {
    simulation.at(slot * slotTime, simulation.define(`act ${slot}`, act))
  }
  const runTo = (slot: number): void => void simulation.run({ until: slot * slotTime - 1 })
  return { simulation, network, at, runTo }
}

const first = (count: number): number[] => Array.from({ length: count }, (_, node) => node)

describe('outages at any time', () => {
  test('what is under way to a node that goes down does not reach it; later it fetches it', () => {
    const { simulation, network, runTo } = open()
    let lost = -1
    const go = simulation.define('go', () => {
      lost = network.chain.blocks.length - 1
      network.takeDown(7)
    })
    // Between a block's publication and its arrival at the node.
    const watch = simulation.define('watch', () => {
      const block = network.chain.blocks.at(-1)!
      if (lost < 0 && block.seen[7]! > simulation.now() + ms(1)) simulation.after(0, go)
      else if (lost < 0) simulation.after(ms(1), watch)
    })
    simulation.at(5 * slotTime, watch)
    runTo(12)
    expect(lost).toBeGreaterThan(0)
    expect(network.chain.blocks[lost]!.seen[7]).toBe(Number.POSITIVE_INFINITY)
    const now = simulation.now()
    network.bringUp(7)
    runTo(13)
    expect(network.chain.blocks[lost]!.seen[7]).toBe(now + seconds(2))
    expect(network.headOf(7)).toBe(network.headOf(8))
  })

  test('with two fifths down from the middle of a slot on, finality waits for them', () => {
    const { network, simulation, runTo } = open()
    runTo(64)
    simulation.run({ until: 64 * slotTime + seconds(5) })
    for (const node of first(16)) network.takeDown(node)
    runTo(260)
    const stuck = network.finalisedEpochOf(39)
    for (const node of first(16)) network.bringUp(node)
    runTo(400)
    expect(network.finalisedEpochOf(39)).toBeGreaterThan(stuck + 3)
    expect(network.finalisedEpochOf(3)).toBe(network.finalisedEpochOf(39))
    // Up to the last checkpoint before the outage, and one more at most.
    expect(stuck).toBeLessThanOrEqual(9)
  })
})

describe('faults of links', () => {
  test('a cut in two halves of equal stake: neither has finality; healed, both agree', () => {
    const { network, runTo } = open()
    runTo(64)
    const end = network.addLinkFault({ between: [first(20), first(40).slice(20)], cut: 'drop' })
    runTo(256)
    expect(network.headOf(0)).not.toBe(network.headOf(39))
    expect(network.finalisedEpochOf(0)).toBeLessThanOrEqual(9)
    end()
    runTo(420)
    expect(network.headOf(0)).toBe(network.headOf(39))
    expect(network.finalisedEpochOf(0)).toBeGreaterThan(12)
  })

  test('a node cut off from all others comes to nothing, and the others go on without it', () => {
    const { network, runTo } = open()
    runTo(32)
    const end = network.addLinkFault({ from: [4], bothWays: true, cut: 'drop' })
    runTo(130)
    expect(network.finalisedEpochOf(4)).toBeLessThan(network.finalisedEpochOf(5))
    end()
    runTo(132)
    expect(network.headOf(4)).toBe(network.headOf(5))
  })

  const delayOf = (fault: object | undefined): number => {
    const { network, runTo } = open({ blockBytesMedian: 500_000, blockBytesSigma: 0 })
    if (fault !== undefined) network.addLinkFault(fault)
    runTo(40)
    const { spreadMs } = network.measures.summary()
    return spreadMs.reduce((sum, delay) => sum + delay, 0) / spreadMs.length
  }

  test('a delay on every link comes on top of each hop, a loss costs heartbeats', () => {
    const usual = delayOf(undefined)
    const slow = delayOf({ delay: { kind: 'constant', value: 500 } })
    const lossy = delayOf({ loss: 0.3 })
    const throttled = delayOf({ throttle: 0.1 })
    // 40 nodes with about eight links each are one to three hops away.
    expect(slow - usual).toBeGreaterThan(500)
    expect(slow - usual).toBeLessThan(1_500)
    expect(lossy).toBeGreaterThan(usual + 20)
    // 500 kB at 0.394 ms a kB take 0.2 s a hop, and ten times that with a tenth of the rate.
    expect(throttled - usual).toBeGreaterThan(1_700)
  })

  test('behavior: a fault that covers no link in use changes nothing', () => {
    const one = delayOf(undefined)
    expect(delayOf({ from: [], delay: { kind: 'constant', value: 900 } })).toBe(one)
  })
})

test('behavior: a network at rest has no further slots', () => {
  const { simulation, network, runTo } = open()
  runTo(10)
  network.rest()
  runTo(100)
  expect(network.slot() - network.firstSlot).toBe(9)
  expect(simulation.now()).toBe(100 * slotTime - 1)
})

test('behavior: what the adversary keeps back, nobody fetches who comes back meanwhile', () => {
  const nodes = [...nodesOf(12), { entity: 'adversary', validators: 700, adversary: true }]
  const { network, runTo } = open({
    nodes,
    proposerOf: (slot) => (slot % 8 === 4 ? 12 : slot % 12),
    strategy: {
      name: 'for ever hidden',
      propose: () => ({ hidden: true }),
      vote: () => ({ withhold: true }),
    },
  })
  runTo(6)
  network.takeDown(3)
  runTo(7)
  network.bringUp(3)
  runTo(9)
  const kept = network.chain.blocks.find(({ proposer }) => proposer === 12)!
  expect(kept.seen[12]).toBeLessThan(Number.POSITIVE_INFINITY)
  expect(kept.seen[3]).toBe(Number.POSITIVE_INFINITY)
})
