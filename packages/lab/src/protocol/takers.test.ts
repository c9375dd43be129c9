import { defineConsensus } from '@counterpoise/consensus'
import { ms } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { constantLatency } from '@counterpoise/network'
import { builtInModels } from '@counterpoise/scenario'
import { expect, test } from 'vitest'
import { measureProtocol } from './measureProtocol.ts'

/** The first member decides; each other one believes it, the later the higher its number. */
const hesitant = defineConsensus<unknown, { block: number }>({
  name: 'test/hesitant',
  parameters: builtInModels[0]!.parameters,
  finality: 'deterministic',
  dissemination: 'direct',
  faultLimit: () => 1,
  createReplica: (_parameters, context) => {
    let heard = genesis
    return {
      start: () => {
        if (context.self !== 0) return
        const block = context.build(genesis, { round: 1 })
        context.report.proposed(block)
        context.broadcast({ block }, 200)
        context.report.finalised(block)
      },
      receive: (_from, { block }) => {
        heard = block
        context.setTimer(0, ms(100 * context.self))
      },
      expire: () => context.report.finalised(heard),
      recover: () => {},
    }
  },
})

test('default: a decision is taken once all but as many as may fail have taken it', () => {
  const places = Array.from({ length: 4 }, (_, index) => ({
    name: `member-${index}`,
    attributes: { region: 'anywhere', operator: `operator-${index}` },
  }))
  const found = measureProtocol({
    ...{ model: hesitant, parameters: {}, places, latency: () => constantLatency(ms(40)) },
    ...{ decisions: 1, replications: 1 },
  })
  // At 0, 140, 240 and 340 ms: three of four.
  expect(found.decision_ms.mean).toBe(240)
  expect(found).toMatchObject({ views_per_decision: 1, messages_per_decision: 3 })
  expect(found.stages['finalised']).toMatchObject({ mean_ms: 180, median_ms: 190 })
})
