import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeptWorld } from '../bench/keptWorld.ts'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { createSimulation } from './simulation.ts'
import { ms } from './time.ts'
import { replayTo, timeTravel } from './timeTravel.ts'

const make = () => createKeptWorld({ seed: 'travel' })
const digestAt = (event: number): string => replayTo(make, event).simulation.digest()

describe('replayTo', () => {
  test('default: the run after so many events; stops on the way do not end it', () => {
    const stopping = () => {
      const simulation = createSimulation({ seed: 'stops' })
      const stop = simulation.define('stop', () => simulation.stop())
      for (let time = 1; time <= 9; time++) simulation.at(time, stop)
      return simulation
    }
    expect(replayTo(stopping, 5).now()).toBe(5)
    expect(replayTo(stopping, 50).events()).toBe(9)
    const small = replayTo(() => createSmallWorld({ seed: 'x' }), 1_234)
    expect(small.events()).toBe(1_234)
  })
})

describe('timeTravel', () => {
  const moment = fc.oneof(
    fc.record({ event: fc.nat(600) }),
    fc.record({ time: fc.nat(ms(100)) }),
    fc.record({ back: fc.nat(100) }),
    fc.record({ forward: fc.nat(100) }),
  )

  test.each([undefined, 1, 50])('all ways lead to the same points, %s', (snapshotEvery) => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 8 }), (moments) => {
        const travel = timeTravel(make, { snapshotEvery })
        for (const each of moments) {
          const before = travel.event()
          if ('back' in each) travel.back(each.back)
          else if ('forward' in each) travel.forward(each.forward)
          else travel.at(each)
          if ('back' in each) expect(travel.event()).toBe(Math.max(0, before - each.back))
          if ('forward' in each) expect(travel.event()).toBe(before + each.forward)
          if ('event' in each) expect(travel.event()).toBe(each.event)
          if ('time' in each) {
            const run = make()
            run.simulation.run({ until: each.time })
            expect([travel.event(), travel.now()]).toEqual([run.simulation.events(), each.time])
          }
          const { simulation, balances } = travel.run()
          expect(simulation.digest()).toBe(digestAt(travel.event()))
          expect(balances).toEqual(replayTo(make, travel.event()).balances)
        }
      }),
      fuzzParameters(30),
    )
  })

  test.each([undefined, 1, 4])('a run has an end, forwards and at a time, %s', (snapshotEvery) => {
    const short = () => {
      const simulation = createSimulation({ seed: 'short' })
      const tick = simulation.define('tick', (left) => {
        if (left > 1) simulation.after(2, tick, left - 1)
      })
      simulation.at(2, tick, 9)
      return simulation
    }
    const travel = timeTravel(short, { snapshotEvery })
    travel.at({ event: 50 })
    expect([travel.event(), travel.now()]).toEqual([9, 18])
    travel.back(4)
    expect([travel.event(), travel.now()]).toEqual([5, 10])
    travel.at({ time: 100 })
    expect([travel.event(), travel.now()]).toEqual([9, 100])
    travel.forward()
    expect(travel.event()).toBe(9)
    travel.at({ time: 7 })
    expect([travel.event(), travel.now()]).toEqual([3, 7])
  })

  test('bad input: numbers that are none', () => {
    const travel = timeTravel(make)
    expect(() => travel.at({ event: 1.5 })).toThrow('whole number from 0, not 1.5')
    expect(() => travel.at({ event: -1 })).toThrow('whole number from 0')
    expect(() => timeTravel(make, { snapshotEvery: 0 })).toThrow('apart, not 0')
  })
})
