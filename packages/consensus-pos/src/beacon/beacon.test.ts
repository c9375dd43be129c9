import {
  createCluster,
  emptyBlocks,
  type Member,
  monitorAgreement,
} from '@counterpoise/consensus'
import { createSimulation, ms, seconds } from '@counterpoise/engine'
import { type BlockId, createBlockStore, genesis } from '@counterpoise/ledger'
import { constantLatency, randomTopology } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { gasper } from '../gasper.ts'
import { gasperParameters } from '../parameters.ts'
import { beacon } from './beacon.ts'
import type { BeaconNetwork } from './beaconNetwork.ts'
import { beaconParameters } from './parameters.ts'

const equal = (count: number): Member[] =>
  Array.from({ length: count }, (_, k) => ({
    name: `node ${k}`,
    weight: 1,
    attributes: { region: 'test', operator: `node ${k}` },
  }))

function open(given: object = {}, members = equal(24), seed = 'whole') {
  const simulation = createSimulation({ seed })
  const blocks = createBlockStore()
  const chain = beacon.createWhole!(simulation, {
    ...{ name: 'chain', members, blocks, executor: emptyBlocks(blocks) },
    followed: [members.length - 1],
    parameters: beaconParameters.parse({ start: 'running', validators: 2_400, ...given }),
  })
  const runTo = (slot: number): void => void simulation.run({ until: seconds(12) * slot })
  return { simulation, chain, runTo }
}

describe('a chain as its surroundings see it', () => {
  test('default: heads, justified and final blocks of the ledger, each after its parents', () => {
    const { chain, runTo } = open()
    const agreement = monitorAgreement(chain)
    const proposed = new Set<BlockId>([genesis])
    const seen: string[] = []
    let [headChanges, last] = [0, genesis]
    chain.observe({
      proposed: (node, block) => {
        expect(chain.blocks.proposer(block)).toBe(node)
        expect(proposed.has(chain.blocks.parent(block))).toBe(true)
        proposed.add(block)
      },
      headChanged: (node, head, previous) => {
        expect(proposed.has(head)).toBe(true)
        if (node !== 23) return
        expect(previous).toBe(last)
        last = head
        headChanges++
      },
      notarised: (node) => void (node === 5 && seen.push('justified')),
      finalised: (node, block) => {
        expect(chain.finalised(node)).toBe(block)
        if (node === 5) seen.push('final')
      },
    })
    runTo(200)
    expect(headChanges).toBeGreaterThan(180)
    expect(chain.head(23)).toBe(last)
    expect(agreement.conflicts()).toEqual([])
    expect(agreement.finalisedCount()).toBeGreaterThan(96)
    expect(seen.filter((word) => word === 'final').length).toBeGreaterThanOrEqual(3)
    expect(seen.filter((word) => word === 'justified').length).toBeGreaterThanOrEqual(4)
  })

  test('in Gloas the ledger leaves out blocks whose payload was never shown', () => {
    const { chain, runTo } = open({ fork: 'gloas', payloads: { withheldShare: 0.4 } })
    const agreement = monitorAgreement(chain)
    runTo(200)
    const beaconChain = (chain.network as unknown as BeaconNetwork).chain
    const shown = new Set(
      beaconChain.blocks.flatMap(({ payload, slot }) =>
        payload !== undefined && payload.time < Infinity ? [slot] : [],
      ),
    )
    const path = (from: BlockId): number[] => {
      const slots: number[] = []
      for (let at = from; at !== genesis; at = chain.blocks.parent(at)) {
        slots.push(chain.blocks.round(at))
      }
      return slots
    }
    const held = path(chain.head(23))
    expect(held.every((slot) => shown.has(slot))).toBe(true)
    // All that were shown, but for the last ones, which may still be on their way.
    expect(shown.size - held.length).toBeLessThanOrEqual(4)
    expect(Math.abs(held.length / 200 - 0.6)).toBeLessThan(4 * Math.sqrt(0.24 / 200))
    expect(path(chain.finalised(23)).length).toBeGreaterThan(40)
    expect(agreement.conflicts()).toEqual([])
  })

  test('behavior: an access node sees a block when it arrives, and not before', () => {
    const { chain, simulation, runTo } = open()
    const delays: number[] = []
    chain.observe({
      headChanged: (node, head, previous) => {
        if (node !== 23 || chain.blocks.parent(head) !== previous) return
        delays.push(simulation.now() - chain.blocks.time(head))
      },
    })
    const spreads: number[] = []
    chain.network.onSpread!((_block, { at, reached }, arrivedAt) => {
      expect(reached).toBe(23)
      spreads.push(arrivedAt[23]! - at)
    })
    runTo(64)
    const own = spreads.filter((delay) => delay > 0)
    // Only where another branch came between is the delay not the arrival's.
    expect(delays.filter((delay) => own.includes(delay)).length).toBeGreaterThan(50)
    expect(Math.min(...own)).toBeGreaterThan(ms(20))
  })

  test('behavior: what executing a block takes comes on top before it can be a head', () => {
    const delaysOf = (work: number): number => {
      const simulation = createSimulation({ seed: 'work' })
      const blocks = createBlockStore()
      const chain = beacon.createWhole!(simulation, {
        ...{ name: 'chain', members: equal(24), blocks, followed: [23] },
        executor: { ...emptyBlocks(blocks), validate: () => work },
        parameters: beaconParameters.parse({ start: 'running', validators: 2_400 }),
      })
      let sum = 0
      chain.observe({
        headChanged: (node, head) => {
          const isOwn = blocks.proposer(head) === 23
          if (node === 23 && !isOwn) sum += simulation.now() - blocks.time(head)
        },
      })
      simulation.run({ until: seconds(12) * 20 })
      return sum / (blocks.size() - 1)
    }
    expect(delaysOf(ms(300)) - delaysOf(0)).toBeGreaterThan(ms(250))
    expect(delaysOf(ms(300)) - delaysOf(0)).toBeLessThanOrEqual(ms(300))
  })

  test('behavior: a node that is down sees nothing, and catches up when it is back', () => {
    const { chain, runTo } = open()
    runTo(20)
    chain.network.takeDown(23)
    const before = chain.head(23)
    runTo(40)
    expect(chain.network.isUp(23)).toBe(false)
    expect(chain.head(23)).toBe(before)
    chain.network.bringUp(23)
    runTo(42)
    expect(chain.head(23)).toBe(chain.head(0))
  })

  test('behavior: at rest it makes no blocks any more', () => {
    const { chain, runTo } = open()
    runTo(10)
    chain.rest()
    runTo(40)
    expect(chain.blocks.size()).toBeLessThanOrEqual(11)
  })

  test('behavior: stake earns, by operator as in all', () => {
    const { chain, runTo } = open({}, [...equal(8), ...equal(4)])
    runTo(170)
    const stake = chain.stake!()
    expect(stake.slots).toBeGreaterThanOrEqual(169)
    expect(stake.validators).toEqual({ start: 2_400, end: 2_400 })
    expect(stake.balanceGwei.end).toBeGreaterThan(stake.balanceGwei.start)
    const parts = [...stake.balancesByOperator.values()]
    expect(parts).toHaveLength(8)
    expect(parts.reduce((sum, { end }) => sum + end, 0n)).toBe(stake.balanceGwei.end)
    expect(parts.reduce((sum, { start }) => sum + start, 0n)).toBe(2_400n * 32_000_000_000n)
  })
})

test('behavior: a cluster of replicas cannot run it', () => {
  const replicas = (): unknown =>
    createCluster(createSimulation({ seed: 'none' }), {
      ...{ name: 'x', model: beacon, parameters: beaconParameters.parse({}) },
      ...{ members: equal(4), latency: constantLatency(ms(1)) },
    })
  expect(replicas).toThrow('keeps all its nodes together')
})

test('message by message (`gasper`) and in columns: as many blocks, final after as long', () => {
  const slots = 320
  const count = 16
  const times = { columns: [] as number[], messages: [] as number[] }
  const heads: number[] = []
  for (const kind of ['columns', 'messages'] as const) {
    const simulation = createSimulation({ seed: 'compared' })
    const shared = { name: 'chain', members: equal(count) }
    const links = simulation.stream('links')
    const blocks = createBlockStore()
    const chain =
      kind === 'columns'
        ? beacon.createWhole!(simulation, {
            ...{ ...shared, blocks, executor: emptyBlocks(blocks), followed: [0] },
            parameters: beaconParameters.parse({ start: 'running', validators: 3_200 }),
          })
        : createCluster(simulation, {
            ...{ ...shared, model: gasper, latency: constantLatency(ms(60)) },
            parameters: gasperParameters.parse({ start: 'running' }),
            topology: randomTopology({ size: count, outgoing: 4, stream: links }),
          })
    const finalTo = { block: genesis }
    chain.observe({
      finalised: (node, block) => {
        if (node !== 0) return
        for (let at = block; at !== finalTo.block; at = chain.blocks.parent(at)) {
          times[kind].push((simulation.now() - chain.blocks.time(at)) / 1e6)
        }
        finalTo.block = block
      },
    })
    simulation.run({ until: seconds(12) * slots })
    heads.push(chain.blocks.height(chain.head(0)))
  }
  const meanOf = (values: number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  expect(Math.abs(heads[0]! - heads[1]!)).toBeLessThan(0.02 * slots)
  expect(heads[0]!).toBeGreaterThan(0.96 * slots)
  // Both come to 954 s less the time of publishing; a replica reports when a block tells it.
  expect(Math.abs(meanOf(times.columns) - meanOf(times.messages))).toBeLessThan(15)
})
