import { describe, expect, expectTypeOf, test } from 'vitest'
import { defineEvents, type Id } from './defineEvents.ts'
import { createSimulation, priorities } from './simulation.ts'

const create = () => {
  const simulation = createSimulation({ seed: 'events' })
  const events = defineEvents(simulation, {
    tick: [],
    blockArrive: ['node', 'block', 'from: node', 'height: integer'],
    vote: { fields: ['node', 'isFor: flag', 'mask: unsigned'], priority: priorities.timer },
  })
  return { simulation, events }
}

describe('defineEvents', () => {
  test('default: handlers get what was scheduled, in the order of the fields', () => {
    const { simulation, events } = create()
    const seen: unknown[] = []
    events.tick.handle(() => void seen.push('tick'))
    events.blockArrive.handle((...payload) => void seen.push(payload))
    events.vote.handle((...payload) => void seen.push(payload.slice(0, 3)))
    events.vote.at(5, 1, true, 0xffff_ffff)
    events.vote.after(5, 2, false, 7)
    events.blockArrive.at(5, 7, -8, 9, 10)
    events.tick.after(5)
    simulation.run()
    // Deliveries before timers.
    expect(seen).toEqual([[7, -8, 9, 10], 'tick', [1, true, 0xffff_ffff], [2, false, 7]])
    expect(simulation.kinds()).toEqual(['tick', 'blockArrive', 'vote'])
    expect([events.vote.name, events.vote.kind]).toEqual(['vote', 2])
  })

  test('a run has the digest of one whose kinds are defined by hand', () => {
    const typed = create()
    const byHand = createSimulation({ seed: 'events' })
    for (const name of ['tick', 'blockArrive', 'vote']) byHand.define(name, () => {})
    for (const event of Object.values(typed.events)) event.handle(() => {})
    typed.events.blockArrive.at(3, 1, 2, 3, 4)
    typed.events.vote.at(4, 1, true, 0xffff_ffff)
    byHand.at(3, 1, 1, 2, 3, 4)
    byHand.at(4, 2, 1, 1, -1)
    typed.simulation.run()
    byHand.run()
    expect(typed.simulation.digest()).toBe(byHand.digest())
  })

  test('behavior: large numbers alone, and delays from now', () => {
    const simulation = createSimulation({ seed: 'unsigned' })
    const { hash, flag } = defineEvents(simulation, { hash: ['hash: unsigned'], flag: ['flag'] })
    const seen: unknown[] = []
    flag.handle((isUp) => void seen.push([simulation.now(), isUp]))
    hash.handle((value) => {
      seen.push([simulation.now(), value])
      flag.after(3, value > 2_147_483_647)
      if (value > 1) hash.after(4, 1)
    })
    hash.at(7, 4_000_000_000)
    simulation.run()
    expect(seen).toEqual([[7, 4_000_000_000], [10, true], [11, 1], [14, false]])
  })

  test('handles cancel, and a handler can be replaced', () => {
    const { simulation, events } = create()
    const seen: string[] = []
    events.tick.handle(() => void seen.push('first'))
    expect(simulation.cancel(events.tick.at(1))).toBe(true)
    events.tick.at(2)
    events.tick.handle(() => void seen.push('second'))
    simulation.run()
    expect(seen).toEqual(['second'])
  })

  test('bad input: what nobody handles, what does not fit', () => {
    const { simulation, events } = create()
    expect(() => events.vote.at(0, 1, true, -1)).toThrow("those of 'vote' are not")
    expect(() => events.vote.at(0, 1, true, 2 ** 32)).toThrow('Found: target, a, b, c = 4294967296')
    expect(() => events.blockArrive.at(0, 2 ** 31, 0, 0, 0)).toThrow("those of 'blockArrive'")
    expect(() => events.tick.after(-1)).toThrow('in the past')
    events.tick.at(0)
    expect(() => simulation.run()).toThrow("Nothing handles the event 'tick'")
    expect(() => simulation.handle(9, () => {})).toThrow('No kind of event has the number 9')
  })

  test('bad input: impossible fields', () => {
    const { simulation } = create()
    const define = (...fields: string[]) => defineEvents(simulation, { odd: fields as [] })
    expect(() => define('a', 'b', 'c', 'd', 'e')).toThrow('5 fields; four fit')
    expect(() => define('a:b')).toThrow(`neither 'name' nor 'name: type'.\nFound: "a:b"`)
    expect(() => define('a', 'a: node')).toThrow("two fields named 'a'")
    expect(() => defineEvents(simulation, { tick: [] })).toThrow("named 'tick'")
  })
})

test('types: names, numbers of fields and sorts of things', () => {
  const { simulation, events } = create()
  const [node, block] = [1 as Id<'node'>, 2 as Id<'block'>]
  expectTypeOf(events.blockArrive.at).parameters.toEqualTypeOf<
    [number, Id<'node'>, Id<'block'>, Id<'node'>, number]
  >()
  expectTypeOf(events.vote.after).parameters.toEqualTypeOf<
    [number, Id<'node'>, boolean, number]
  >()
  expectTypeOf(events.tick.at).parameters.toEqualTypeOf<[number]>()
  events.blockArrive.at(0, node, block, node, 0)
  events.blockArrive.at(0, 1, 2, 3, 4)
  // @ts-expect-error A block is no node.
  events.blockArrive.at(0, block, block, node, 0)
  // @ts-expect-error The height is missing.
  events.blockArrive.at(0, node, block, node)
  // @ts-expect-error One too many.
  events.tick.at(0, 1)
  // @ts-expect-error A flag is no number.
  events.vote.at(0, node, 1, 0)
  // @ts-expect-error Nobody defined it.
  void events.blockLeave
  // @ts-expect-error Four fields fit.
  expect(() => defineEvents(simulation, { wide: ['a', 'b', 'c', 'd', 'e'] })).toThrow('four fit')
  // @ts-expect-error The second is a block.
  events.blockArrive.handle((_node: Id<'node'>, _block: Id<'node'>) => {})
  // A handler may leave out what it does not need.
  events.blockArrive.handle((first) => void expectTypeOf(first).toEqualTypeOf<Id<'node'>>())
})
