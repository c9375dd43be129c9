import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempoRules } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { pathText } from '../errors.ts'
import { isSourced } from '../sourced.ts'
import { scenarioOf } from '../validate.ts'
import { variantsOf } from '../world.ts'
import { presets } from './index.ts'

type Leaf = { path: string; value: unknown }

/** Numbers and spans of time that stand in no noted value. */
function unsourcedLeaves(node: unknown, path: readonly PropertyKey[] = []): Leaf[] {
  const isSpan = typeof node === 'string' && /^\d+(\.\d+)?(us|ms|s|m|h|d)/.test(node)
  if (typeof node === 'number' || isSpan) return [{ path: pathText(path), value: node }]
  if (typeof node !== 'object' || node === null || isSourced(node)) return []
  if (Array.isArray(node)) return node.flatMap((item, k) => unsourcedLeaves(item, [...path, k]))
  return Object.entries(node).flatMap(([key, value]) => unsourcedLeaves(value, [...path, key]))
}

/** What is no claim about the world but the design of the experiment. */
const design = [
  /^workload\.for$/,
  /^workload\.arrivals\[\d+\]\.(ratePerSecond|at)$/,
  /^faults\[\d+\]\.(at|for)$/,
  /^drain$/,
  /^blocks$/,
]

describe.each(Object.entries(presets))('%s', (name, input) => {
  const scenario = scenarioOf(input)

  test('default: it is a scenario under its own name', () => {
    expect(scenario.data.name).toBe(name)
    expect(scenario.data.description).not.toBe('')
    expect(variantsOf(scenario.data)).toEqual(
      name === 'hybrid'
        ? ['bitcoin', 'ethereum', 'tempo', 'visa', 'hybrid']
        : [name.replace(/^(bitcoin|simblock)-\d+$/, 'bitcoin')],
    )
  })

  test('every number has its unit and source, or is part of the experiment', () => {
    const leaves = unsourcedLeaves(input)
    expect(leaves.filter(({ path }) => !design.some((known) => known.test(path)))).toEqual([])
  })

  test('no source is empty, and a number without a unit is a plain one', () => {
    for (const { path, value, unit, source, assumed } of scenario.sources) {
      expect(source, path).toMatch(/\S/)
      expect(/no source|has no source/.test(source) && !assumed, path).toBe(false)
      if (typeof value === 'number') expect(unit, path).toMatch(/\S/)
    }
  })
})

test('nobody runs out of funds: the largest account can pay all that is ever offered', () => {
  const { count, openingUsd } = scenarioOf(presets.hybrid).data.workload.accounts
  expect(count * openingUsd).toBe(8_000_000_000)
})

const beside = fileURLToPath(new URL('../../../../../shared/data', import.meta.url))
const folder = process.env['COUNTERPOISE_DATA'] || beside

describe('compared with the published data', () => {
  if (!existsSync(folder)) {
    test.skip('the data folder is absent: COUNTERPOISE_DATA names it', () => {})
    return
  }
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8')

  test("Ethereum's stakers have the shares of their blocks", () => {
    const rows = read('eth-relay-builder-censorship', 'validator_stats.csv').trim().split(/\r?\n/)
    const blocks = new Map<string, number>()
    for (const row of rows.slice(1)) {
      const [, name, , all] = /^("[^"]*"|[^,]*),(\d+),(\d+)$/.exec(row)!
      // One entity stands under two names.
      const known = name!.replaceAll('"', '').trim().toLowerCase().replace(/^p2p\.org.*/, 'p2p.org')
      blocks.set(known, (blocks.get(known) ?? 0) + Number(all))
    }
    const total = [...blocks.values()].reduce((sum, count) => sum + count, 0)
    const { validators } = presets.ethereum.rails.ethereum
    for (const { operator, weight } of validators.value) {
      if (operator.startsWith('small stakers')) continue
      // The shares are of the blocks whose proposer is known, some 0.6 % less than all.
      const share = blocks.get(operator.toLowerCase())! / total
      expect([operator, Math.abs(weight / share - 1) < 0.01]).toEqual([operator, true])
    }
  })

  test('Tempo has the constants of its code', () => {
    const facts = JSON.parse(read('tempo-facts', 'tempo_facts.json'))
    const { consensus, block, execution, validators } = presets.tempo.rails.tempo
    const { baseFee } = tempoRules(execution.fork.value)
    const { parameters } = consensus
    const times = facts.consensus_defaults_ms
    expect({
      build: parameters.buildBudgetMs.value,
      leader: parameters.leaderTimeoutMs.value,
      certification: parameters.certificationTimeoutMs.value,
      nullify: parameters.nullifyRetryMs.value,
      skip: parameters.skipViews.value,
      limit: block.unitsLimit.value,
      transfer: block.unitsPerPayment.value,
      fees: [baseFee.minimum, baseFee.maximum, baseFee.gasTarget],
      lane: execution.generalGas.value,
      cap: execution.transactionGas.value,
      expiring: execution.nonces.validFor.value,
      validators: validators.value.length,
      regions: new Set(validators.value.map(({ region }: { region: string }) => region)).size,
    }).toEqual({
      build: times.target_block_time - times.network_budget,
      leader: times.wait_for_proposal,
      certification: times.wait_for_notarizations,
      nullify: times.wait_to_rebroadcast_nullify,
      skip: facts.consensus_defaults_other.inactive_views_until_leader_skip,
      limit: facts.gas.block_gas_limit,
      transfer: facts.fees.tip20_transfer_gas_approx,
      fees: [
        facts.fees.T7_base_fee_floor,
        facts.fees.T7_base_fee_cap,
        facts.fees.T7_gas_target,
      ],
      lane: facts.gas.general_lane_gas_limit_T1,
      cap: facts.gas.tx_gas_limit_cap_T1,
      expiring: `${facts.txgen_mixes.expiring_nonce_valid_for_secs}s`,
      validators: facts.bench_multi_region_defaults.validators,
      regions: facts.bench_multi_region_defaults.regions,
    })
  })
})
