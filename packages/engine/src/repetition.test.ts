import { describe, expect, test } from 'vitest'
import { createSmallWorld } from '../bench/smallWorld.ts'
import { createSimulation, type RunOptions, type Simulation } from './simulation.ts'
import { ms } from './time.ts'

describe('repetition', () => {
  const digestAfter = (run: (simulation: Simulation) => void, seed = 'phold'): string => {
    const simulation = createSmallWorld({ seed })
    run(simulation)
    return `${simulation.digest()} ${simulation.events()} ${simulation.now()}`
  }
  const until = ms(20_000)
  const whole = digestAfter((simulation) => simulation.run({ until }))

  test('two runs of one process are equal, seeds and replications differ', () => {
    expect(digestAfter((simulation) => simulation.run({ until }))).toBe(whole)
    expect(digestAfter((simulation) => simulation.run({ until }), 'other')).not.toBe(whole)
    const replication = createSmallWorld({ seed: 'phold', replication: 1 })
    replication.run({ until })
    expect(replication.digest()).not.toBe(whole.split(' ')[0])
  })

  test('behavior: a golden digest, the same on every machine', () => {
    expect(whole).toMatchInlineSnapshot(`"2dc41c912eb879c7 100025 20000000"`)
  })

  test('pausing and resuming, by time or by events, is one run', () => {
    const paused = digestAfter((simulation) => {
      for (let time = 1; time < until; time += 777_777) simulation.run({ until: time })
      while (simulation.run({ until, eventsMax: 997 }) === 'events');
    })
    expect(paused).toBe(whole)
    const stepped = digestAfter((simulation) => {
      while (simulation.events() < 3_000) simulation.step(7)
      simulation.run({ until })
    })
    expect(stepped).toBe(whole)
  })

  test('watching changes nothing', () => {
    let [calls, taps] = [0, 0]
    const watched: RunOptions = { until, onProgress: () => void calls++ }
    const seen = digestAfter((simulation) => {
      simulation.tap(() => void taps++)
      simulation.digest()
      simulation.run(watched)
    })
    expect(seen).toBe(whole)
    expect(calls).toBe(Math.floor(taps / 65_536))
    expect(calls).toBeGreaterThan(0)
  })

  test('the digest sees time, kind, target and payload', () => {
    const once = (time: number, kind: number, ...payload: number[]): string => {
      const simulation = createSimulation({ seed: 'digest' })
      for (const name of ['zero', 'one']) simulation.define(name, () => {})
      simulation.at(time, kind, ...payload)
      simulation.run()
      return simulation.digest()
    }
    const variants = [
      ...[once(1, 0), once(2, 0), once(1 + 2 ** 32, 0), once(2 ** 40, 0), once(1, 1)],
      ...[once(1, 0, 1), once(1, 0, 0, 1), once(1, 0, 0, 0, 1), once(1, 0, 0, 0, 0, 1)],
    ]
    expect(new Set(variants).size).toBe(variants.length)
    expect(variants.every((digest) => /^[0-9a-f]{16}$/.test(digest))).toBe(true)
  })
})

describe('streams of a simulation', () => {
  test('one object per purpose and entity; entities 3 and "3" are two', () => {
    const simulation = createSimulation({ seed: 'streams' })
    expect(simulation.stream('a', 3)).toBe(simulation.stream('a', 3))
    const streams = [
      ...[simulation.stream('a', 3), simulation.stream('a', '3'), simulation.stream('a')],
      ...[simulation.stream('a#3'), simulation.stream('b', 3), simulation.stream('a', 4)],
    ]
    expect(new Set(streams).size).toBe(streams.length)
    expect(new Set(streams.map((stream) => stream.bits())).size).toBe(streams.length)
  })

  test('what others draw, and in which order they appear, shifts nothing', () => {
    const alone = createSimulation({ seed: 'streams' })
    const crowded = createSimulation({ seed: 'streams' })
    for (const entity of ['3', 'x', 4]) crowded.stream('latency', entity).uniform()
    crowded.detachedStream('latency', 3).bits()
    const draw = (simulation: Simulation): number => {
      crowded.stream('other').uniform()
      return simulation.stream('latency', 3).bits()
    }
    for (let index = 0; index < 100; index++) expect(draw(crowded)).toBe(draw(alone))
  })

  test('a detached stream begins anew every time and is not kept', () => {
    const simulation = createSimulation({ seed: 'streams' })
    const kept = simulation.stream('beacon', 5)
    const first = kept.bits()
    expect(simulation.detachedStream('beacon', 5).bits()).toBe(first)
    expect(simulation.detachedStream('beacon', 5).bits()).toBe(first)
    expect(simulation.stream('beacon', 5)).toBe(kept)
    expect(kept.bits()).not.toBe(first)
  })
})
