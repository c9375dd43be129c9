import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSimulation } from '../simulation.ts'
import { allOf, anyOf, within } from './combine.ts'
import { createContainer } from './container.ts'
import { createLine } from './line.ts'
import { hold, process } from './process.ts'
import { createResource } from './resource.ts'
import { createStore } from './store.ts'
import type { Steps } from './wait.ts'

const moment = fc.nat({ max: 30 })
const act = fc.record({
  kind: fc.constantFrom('slot', 'preempt', 'twoSlots', 'patient', 'item', 'both', 'tank', 'any'),
  priority: fc.integer({ min: -2, max: 2 }),
  start: moment,
  length: moment,
  interrupts: fc.array(moment, { maxLength: 3 }),
})

test('slots, items and amounts are conserved under interrupts, preemption and time-outs', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), fc.integer({ min: 1, max: 3 }), (acts, slots) => {
      const simulation = createSimulation({ seed: 'conservation' })
      const desk = createResource(simulation, { name: 'desk', capacity: slots })
      const shelf = createStore<number>(simulation, { name: 'shelf' })
      const tank = createContainer(simulation, { name: 'tank', capacity: 10, level: 10 })
      for (let item = 0; item < slots; item++) shelf.tryPut(item)
      let [working, holding] = [0, 0]

      function* useItem(length: number): Steps {
        const item = yield* shelf.get()
        holding++
        try {
          yield* hold(length)
        } finally {
          holding--
          shelf.tryPut(item)
        }
      }
      const bodies = (priority: number, length: number): Record<string, () => Steps<unknown>> => {
        const work = function* (): Steps {
          working++
          try {
            yield* hold(length)
          } finally {
            working--
          }
        }
        return {
          slot: () => desk.use(work, { priority }),
          preempt: () => desk.use(work, { priority, preempt: true }),
          *twoSlots() {
            const leases = yield* allOf([desk.acquire({ priority }), desk.acquire({ priority })])
            for (const lease of leases) lease.release()
          },
          *patient() {
            const lease = yield* within(length, desk.acquire({ priority }))
            lease?.release()
          },
          item: () => useItem(length),
          *both() {
            const [item, lease] = yield* allOf([shelf.get({ priority }), desk.acquire()])
            shelf.tryPut(item)
            lease.release()
          },
          *tank() {
            yield* tank.get(1 + (length % 10), { priority })
            try {
              yield* hold(length)
            } finally {
              // A wait in a `finally` may be interrupted as well: a process of its own may not.
              process(simulation, 'refill', function* () {
                yield* tank.put(1 + (length % 10))
              })
            }
          },
          *any() {
            const first = yield* anyOf([
              shelf.get(),
              shelf.get({ where: (item): boolean => item === 1 }),
              desk.acquire({ priority, preempt: true }),
            ])
            if (typeof first.value === 'number') shelf.tryPut(first.value)
            else first.value.release()
          },
        }
      }

      for (const { kind, priority, start, length, interrupts } of acts) {
        const body = bodies(priority, length)[kind]!
        const actor = process(
          simulation,
          kind,
          function* () {
            try {
              yield* body()
            } catch {
              // An interrupt or a preemption ends the act.
            }
          },
          { delay: start },
        )
        for (const delay of interrupts) {
          process(
            simulation,
            'interrupt',
            function* () {
              yield* hold(0)
              actor.interrupt()
            },
            { delay: start + delay },
          )
        }
      }
      while (simulation.step() > 0) {
        expect(desk.inUse()).toBeLessThanOrEqual(slots)
        expect(shelf.size() + holding).toBeLessThanOrEqual(slots)
        expect(tank.level()).toBeLessThanOrEqual(10)
        // No slot is idle while someone waits.
        if (desk.queueLength() > 0) expect(desk.inUse()).toBe(slots)
      }
      // Only those that need two slots of one can be left.
      if (slots > 1 || acts.every(({ kind }) => kind !== 'twoSlots')) {
        expect([working, holding]).toEqual([0, 0])
      }
      if (acts.every(({ kind }) => kind !== 'twoSlots')) {
        expect([desk.inUse(), desk.queueLength()]).toEqual([0, 0])
        expect([shelf.size(), shelf.gettersWaiting()]).toEqual([slots, 0])
      }
      expect(tank.level()).toBe(10)
    }),
    fuzzParameters(300),
  )
})

test('a line is a sorted list', () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.nat({ max: 20 }), front: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat() }) },
  )
  fc.assert(
    fc.property(fc.array(command, { size: 'max', maxLength: 150 }), (commands) => {
      const line = createLine<number>()
      const model: ReturnType<typeof line.add>[] = []
      commands.forEach((each, value) => {
        if ('add' in each) {
          const place = line.add(value, each.add, each.front)
          const index = model.findIndex(({ priority }) =>
            each.front ? priority >= each.add : priority > each.add,
          )
          model.splice(index < 0 ? model.length : index, 0, place)
        } else if (model.length > 0) {
          const [place] = model.splice(each.remove % model.length, 1)
          expect([line.remove(place!), line.remove(place!)]).toEqual([true, false])
        }
        expect(line.first()).toBe(model[0])
        expect(line.size()).toBe(model.length)
        const isEven = (of: number): boolean => of % 2 === 0
        expect(line.find(isEven)).toBe(model.find((place) => isEven(place.value)))
      })
    }),
    fuzzParameters(300),
  )
})
