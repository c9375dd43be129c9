import type { Place } from '@counterpoise/network'
import { expect, test } from 'vitest'
import { relayParameters } from './parameters.ts'
import { createPipes } from './pipes.ts'

const attributes = { region: 'somewhere', operator: 'somebody' }
const second = 1_000_000

/** Two nodes that send 1,000 bytes per second, and receive 500. */
const open = (sendMs = 0) =>
  createPipes(
    ['one', 'other'].map(
      (name): Place => ({
        ...{ name, attributes, uplinkBytesPerSecond: 1_000, downlinkBytesPerSecond: 500 },
      }),
    ),
    relayParameters.parse({ sendMs }),
  )

test('what is sent waits for what was sent before, and takes its time', () => {
  const pipes = open(250)
  expect(pipes.leave(0, 1, 1_000, 0)).toBe(1.25 * second)
  expect(pipes.leave(0, 1, 500, second)).toBe(2 * second)
  // What goes by lines of its own does not wait, nor is it waited for.
  expect(pipes.leaveBeside(0, 1_000, second)).toBe(2.25 * second)
  expect(pipes.leave(0, 1, 500, 3 * second)).toBe(3.75 * second)
})

test('an outage empties the queues of a node in both directions, and those of no other', () => {
  const pipes = open()
  const fill = (node: number): void => {
    pipes.leave(node, 1 - node, 10_000, 0)
    pipes.enter(node, 1 - node, 10_000, 10_000, 0)
  }
  fill(0)
  fill(1)
  pipes.clear(0, 2 * second)
  expect(pipes.leave(0, 1, 1_000, 3 * second)).toBe(4 * second)
  expect(pipes.enter(0, 1, 1_000, 1_000, 3 * second)).toBe(5 * second)
  expect(pipes.leave(1, 0, 1_000, 3 * second)).toBe(11 * second)
  expect(pipes.enter(1, 0, 1_000, 1_000, 3 * second)).toBe(22 * second)
})
