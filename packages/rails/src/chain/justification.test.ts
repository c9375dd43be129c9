import { type Simulation, seconds } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createScript, createTestChain } from './testing.ts'

/** The access node of even payers. */
const node = 2

/** A payment in block `a` at 1 s, and a rival block beside that. */
function createFork() {
  const script = createScript('economic')
  const chain = createTestChain({ model: script.model })
  const { pay, simulation } = chain
  const rival = script.build(1, genesis)
  const payment = pay()
  const at = (second: number): Simulation => {
    simulation.run({ until: seconds(second) })
    return simulation
  }
  at(1)
  const a = script.build(0, genesis)
  script.show(node, a)
  return { ...chain, a, at, rival, script, justified: () => chain.rail.justifiedAt!(payment) }
}

test('default: justified with the first checkpoint above it, whatever comes later', () => {
  const { a, at, justified, rival, script } = createFork()
  expect(justified()).toBeUndefined()
  at(2)
  script.notarise(3, a)
  // Another payer's node.
  expect(justified()).toBeUndefined()
  at(3)
  script.notarise(node, script.build(0, a))
  expect(justified()).toBe(seconds(3))
  // A node may hold the other branch for justified, and come back.
  at(4)
  script.notarise(node, rival)
  at(5)
  script.notarise(node, script.build(0, a))
  expect(justified()).toBe(seconds(3))
})

test('behavior: what leaves the chain of its payer has to be justified again', () => {
  const { a, at, justified, rival, script } = createFork()
  at(2)
  script.notarise(node, a)
  expect(justified()).toBe(seconds(2))
  at(3)
  script.show(node, rival)
  expect(justified()).toBeUndefined()
  const next = script.build(1, rival)
  script.show(node, next)
  at(4)
  script.notarise(node, next)
  expect(justified()).toBe(seconds(4))
})
