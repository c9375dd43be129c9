import { ms } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { comparedProtocols } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { measureProtocol, type ProtocolFigures } from './measureProtocol.ts'

const [n, hop, lambda] = [4, 250, 1_000]

/** One of four is down; a run from each seat, over twice as many decisions as there are seats. */
function measure(name: string): ProtocolFigures {
  const { model, parameters } = comparedProtocols[name]!
  return measureProtocol({
    model,
    parameters: model.parameters.parse(parameters(lambda)),
    places: Array.from({ length: n }, (_, index) => ({
      name: `member-${index}`,
      attributes: { region: 'anywhere', operator: `operator-${index}` },
    })),
    latency: () => constantLatency(ms(hop)),
    ...{ crashed: 1, replications: n, decisions: 2 * n },
  })
}

test('tendermint: one height in four has a round that waits for its proposer and for votes', () => {
  const found = measure('tendermint')
  expect(found.views_per_decision).toBe(1 + 1 / n)
  // Votes for nothing and then the wait for others: two timeouts and two hops.
  expect(found.decision_ms.mean).toBeCloseTo(3 * hop + (2 * lambda + 2 * hop) / n, 9)
  // A proposal and two votes of each of three; the failed round has the votes alone.
  expect(found.messages_per_decision).toBeCloseTo(3 + 18 + 18 / n, 9)
})

test('pbft: who leads stays, so that it is one run in four whose first primary is replaced', () => {
  const found = measure('pbft')
  const decisions = 2 * n
  expect(found.views_per_decision).toBeCloseTo(1 + 1 / n / decisions, 9)
  // A pre-prepare, prepares of two and commits of three. In one run in four, changes of view of
  // three, and the new view with what it makes up for.
  const extra = found.messages_per_decision - (3 + 2 * 3 + 3 * 3)
  expect(extra * n * decisions).toBeGreaterThanOrEqual(3 * 3 + 3)
  expect(extra * n * decisions).toBeLessThanOrEqual(2 * 3 * 3)
  // The backups wait for a decision; then a view change, a new view and what it leads to.
  const delayed = 3 * lambda + hop
  expect(found.decision_ms.mean).toBeCloseTo(3 * hop + delayed / n / decisions, 9)
})

test('simplex: a view in four is given up, after the timeout and a hop', () => {
  const found = measure('simplex')
  // Leaders are drawn: about as many views as seats.
  expect(found.views_per_decision).toBeGreaterThan(1)
  expect(found.views_per_decision).toBeLessThan(2)
  const failed = found.views_per_decision - 1
  const usual = (2 * hop * (2 * n - 1) + 3 * hop) / (2 * n)
  expect(found.decision_ms.mean).toBeCloseTo(usual + failed * (lambda + hop), 6)
})
