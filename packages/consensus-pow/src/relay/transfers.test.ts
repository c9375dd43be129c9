import { describe, expect, test } from 'vitest'
import { createRelayRun } from './testing.ts'

const megabyte = 1_000_000
type Options = Parameters<typeof createRelayRun>[0]

/** When each node has a megabyte, ms; links take 100 ms. */
function timesOf(options: Options): number[] {
  const relay = createRelayRun(options)
  relay.network.broadcast(0, 'block', megabyte)
  relay.simulation.run()
  return relay.arrived('block')!.map((time) => time / 1_000)
}

describe('pipelined, as in the simulator of Gervais et al.', () => {
  const parameters = { mode: 'inv', transfer: 'pipelined' } as const
  const star: Options['edges'] = [
    [0, 1],
    [0, 2],
  ]

  test('the slower end counts, whichever it is', () => {
    const line: Options = { size: 3, parameters, edges: [[0, 1], [1, 2]] }
    const slowUp = timesOf({ ...line, up: megabyte, down: 4 * megabyte })
    expect(slowUp).toEqual([0, 1_300, 2_600])
    const slowDown = timesOf({ ...line, up: 4 * megabyte, down: megabyte })
    expect(slowDown).toEqual([0, 1_300, 2_600])
    expect(timesOf({ ...line, up: megabyte })).toEqual([0, 1_300, 2_600])
    expect(timesOf({ ...line, down: megabyte })).toEqual([0, 1_300, 2_600])
  })

  test('a slow receiver does not hold up the uplink', () => {
    const rates = { up: 2 * megabyte, down: [megabyte, megabyte / 10, megabyte] }
    // The second begins when the first has been sent, 500 ms, and is in 1 s later.
    expect(timesOf({ size: 3, parameters, edges: star, ...rates })).toEqual([0, 10_300, 1_800])
    // Cut through, it would wait for the first one's ten seconds.
    const cutThrough = { ...parameters, transfer: 'cutThrough' as const }
    expect(timesOf({ size: 3, parameters: cutThrough, edges: star, ...rates })[2]).toBe(11_300)
  })

  test('a downlink takes one block after the other', () => {
    const relay = createRelayRun({
      ...{ size: 3, parameters, edges: [[0, 2], [1, 2]] },
      ...{ up: 4 * megabyte, down: megabyte },
    })
    relay.network.broadcast(0, 'first', megabyte)
    relay.network.broadcast(1, 'second', megabyte)
    relay.simulation.run()
    expect(relay.arrived('first')![2]).toBe(1_300_000)
    expect(relay.arrived('second')![2]).toBe(2_300_000)
  })

  test('a throttled link slows down the sender, and with it what arrives', () => {
    const relay = createRelayRun({
      ...{ size: 2, parameters, edges: [[0, 1]] },
      ...{ up: 2 * megabyte, down: megabyte },
    })
    relay.network.addLinkFault({ throttle: 0.25 })
    relay.network.broadcast(0, 'block', megabyte)
    relay.simulation.run()
    expect(relay.arrived('block')![1]).toBe(2_300_000)
  })
})

describe('stop and wait, as in SimBlock', () => {
  const star: Options = { size: 3, edges: [[0, 1], [0, 2]], up: megabyte, down: 4 * megabyte }

  test('the next copy begins when the last one has arrived', () => {
    const parameters = { mode: 'inv', transfer: 'stopAndWait' } as const
    // Both ask at 200; the first is in at 1,300, and only then begins the second.
    expect(timesOf({ ...star, parameters })).toEqual([0, 1_300, 2_400])
    const cutThrough = { ...parameters, transfer: 'cutThrough' as const }
    expect(timesOf({ ...star, parameters: cutThrough })).toEqual([0, 1_300, 2_300])
    // The slower end counts, as with `cutThrough`.
    expect(timesOf({ ...star, parameters, down: megabyte / 2 })).toEqual([0, 2_300, 4_400])
  })

  test('an overlay has a line of its own, on which nothing waits and nobody for it', () => {
    const overlay = { bytesFixed: megabyte, bytesPerTransaction: 0 }
    const parameters = { mode: 'inv', transfer: 'stopAndWait', overlay } as const
    const times = timesOf({ ...star, parameters, miners: [0, 1] })
    // Node 1 gets it through the overlay at 1,100; the uplink serves both requests all the same.
    expect(times).toEqual([0, 1_100, 2_400])
  })

  test('each word takes a while besides its latency, the block does not', () => {
    const line: Options = { size: 3, edges: [[0, 1], [1, 2]] }
    for (const [mode, words] of [['inv', 2], ['headersFirst', 4], ['push', 0]] as const) {
      const pushBy = 'everybody' as const
      const [, first, second] = timesOf({ ...line, parameters: { mode, pushBy, wordMs: 10 } })
      expect(first).toBe(100 * (words + 1) + 10 * words)
      expect(second).toBe(2 * first!)
    }
  })
})

test('behavior: what came by another way than it was asked for is passed on at once', () => {
  const relay: Options = {
    size: 3,
    edges: [
      [0, 1],
      [1, 2],
    ],
    miners: [0, 1],
    parameters: {
      mode: 'inv',
      overlay: { latencyFactor: 1.5, extraMs: 0, bytesFixed: 1_000, bytesPerTransaction: 0 },
    },
  }
  // Node 1 hears of it at 100 and asks; the overlay brings it at 150; the answer leaves at 200.
  // Node 2 hears of it at 250 and asks at 350 a node that has it.
  expect(timesOf(relay)).toEqual([0, 150, 450])
})
