import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { presets } from './presets/index.ts'
import type { ChainConfig } from './schema/rails.ts'
import { baseFeeOf, tempoOf } from './tempoOf.ts'
import { broken, type Draft, messages, wrapped } from './testing.ts'
import { scenarioOf } from './validate.ts'
import { setPath } from './vary.ts'

const configOf = (input: unknown): ChainConfig =>
  scenarioOf(input).data.rails['tempo'] as ChainConfig
const tempo = (recipe: (rail: Draft) => void): string =>
  messages(broken('tempo', ({ rails }) => recipe(rails.tempo)))

const withSet = (assignment: string): ChainConfig => {
  const set = setPath(presets.tempo, `rails.tempo.${assignment}`)
  if (isLeft(set)) throw new Error(JSON.stringify(set.left))
  return configOf(set.right)
}

describe('every parameter is within reach of --set', () => {
  const cases: [string, string, string][] = [
    ['fork', 'T12', 'rules.expiringWindowSeconds'],
    ['generalGas', '31000000', 'generalGas'],
    ['transactionGas', '31000000', 'transactionGas'],
    ['gasLimit', '400000', 'gasLimit'],
    ['build.budget', '450ms', 'build.budget'],
    ['build.multiplier', '1.7', 'build.multiplier'],
    ['build.gasPerSecond', '2530000000', 'build.gasPerSecond'],
    ['build.persistNsPerByte', '9', 'build.persistNsPerByte'],
    ['tokens', '[{"name":"pathUSD"},{"name":"AlphaUSD"},{"name":"BetaUSD"},' +
      '{"name":"ThetaUSD","share":2}]', 'tokens.3.share'],
    ['pools[1].liquidityUsd', '3', 'pools.1.liquidity'],
    ['validatorTokens', '{"stripe":"BetaUSD"}', 'validatorTokens.stripe'],
    ['rebalancing.aboveUsd', '3', 'rebalancing.above'],
    ['rebalancing.gas', '1000', 'rebalancing.gas'],
    ['holdings', 'own', 'holdings'],
    ['nonces.protocol', '0', 'nonces.protocol'],
    ['nonces.key', '0', 'nonces.key'],
    ['nonces.expiring', '5', 'nonces.expiring'],
    ['nonces.keys', '7', 'nonces.keys'],
    ['nonces.validFor', '30s', 'nonces.validForSeconds'],
    ['policies', '[{"token":"BetaUSD","kind":"blacklist"}]', 'policies.policies.length'],
    ['batches.share', '0.5', 'batches.share'],
    ['batches.window', '5s', 'batches.window'],
    ['batches.callsMax', '5', 'batches.callsMax'],
    ['charges.share', '0.5', 'charges.share'],
    ['sessions.share', '0.5', 'sessions.share'],
    ['sessions.depositUsd', '2', 'sessions.deposit'],
    ['sessions.voucherMs', '{"kind":"constant","value":2}', 'sessions.voucherMs.value'],
    ['sessions.settleEvery', '10s', 'sessions.settleEvery'],
    ['sessions.closeAfter', '10s', 'sessions.closeAfter'],
    ['policyGas', '5', 'policies.updateGas'],
    ['validatorGas', '5', 'validators.gas'],
    ['validatorChanges', '[{"at":"1m","what":"remove","validator":"visa"}]',
      'validators.changes.length'],
    ['shares.virtualAddress', '0.5', 'shares.virtualAddress'],
    ['shares.keychain', '0.5', 'shares.keychain'],
    ['shares.p256', '0.5', 'shares.p256'],
    ['shares.general', '0.5', 'shares.general'],
    ['shares.sponsored', '0.5', 'shares.sponsored'],
    ['generalCall', '{"gas":1,"bytes":2}', 'generalCall.bytes'],
  ]
  test.each(cases)('%s=%s', (path, value, option) => {
    const at = (options: unknown): unknown =>
      option.split('.').reduce<unknown>((node, key) => (node as Draft)[key], options)
    const set = at(tempoOf(withSet(`execution.${path}=${value}`), 10))
    expect(set).not.toBeUndefined()
    expect(set).not.toEqual(at(tempoOf(configOf(presets.tempo), 10)))
  })

  test('money in millionths of a dollar, spans in whole seconds, lists by what is done', () => {
    const config = broken('tempo', ({ rails: { tempo: { execution } } }) => {
      execution.pools = [{ from: 'AlphaUSD', to: 'pathUSD', liquidityUsd: 3.5 }]
      execution.sessions = { share: 0.5, depositUsd: 2.5 }
      execution.rebalancing = { aboveUsd: 7.5, gas: 9 }
      execution.nonces.validFor = '8500ms'
      execution.policies = [
        { token: 'BetaUSD', kind: 'blacklist' },
        {
          ...{ token: 'AlphaUSD', kind: 'whitelist' },
          updates: [
            { at: '1m', what: 'add', share: 0.25 },
            { at: '2m', what: 'remove', share: 0.125 },
          ],
        },
      ]
    })
    expect(tempoOf(configOf(config), 10)).toMatchObject({
      pools: [{ from: 'AlphaUSD', to: 'pathUSD', liquidity: 3_500_000 }],
      sessions: { deposit: 2_500_000 },
      rebalancing: { above: 7_500_000, gas: 9 },
      nonces: { validForSeconds: 8 },
      policies: {
        accounts: 10,
        updates: [
          { at: 60e6, policy: 1, share: 0.25, isListed: true },
          { at: 120e6, policy: 1, share: 0.125, isListed: false },
        ],
      },
    })
  })

  test('the base fee of the fork, or one of its own', () => {
    expect(baseFeeOf(configOf(presets.tempo))).toMatchObject({ initial: 6e8, maximum: 1.2e10 })
    expect(baseFeeOf(withSet('baseFee.start=activation')).initial).toBe(1.2e10)
    expect(baseFeeOf(withSet('baseFee.gasTarget=5')).gasTarget).toBe(5)
    expect(baseFeeOf(withSet('baseFee.changeDenominator=4')).changeDenominator).toBe(4)
    expect(baseFeeOf(withSet('baseFee.minimum=7'))).toMatchObject({ initial: 7, minimum: 7 })
    const fixed = baseFeeOf(withSet('execution.fork=T4'))
    expect([fixed.initial, fixed.minimum, fixed.maximum]).toEqual([2e10, 2e10, 2e10])
  })
})

describe('what cannot be', () => {
  test('behavior: names of tokens, windows and rules that do not fit', () => {
    const found = tempo((rail) => {
      const { execution } = rail
      execution.tokens = [{ name: 'A', share: 0, quote: 'Q' }, { name: 'A', share: 0 }]
      execution.pools = [{ from: 'A', to: 'B', liquidityUsd: 1 }]
      execution.validatorTokens = { visa: 'C' }
      execution.nonces.validFor = '31s'
      execution.transactionGas = 1
      rail.wallet.strategy = 'mempool depth'
      rail.mempool.rules = 'clusters'
      rail.baseFee.minimum = 1e11
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.tempo.baseFee.kind: expected 'none' with the mempool rules 'clusters', found
        "fork"
      rails.tempo.mempool.rules: expected 'price' with \`execution\`, found "clusters"
      rails.tempo.wallet.strategy: expected 'base fee' with \`execution\`, found "mempool
        depth"
      rails.tempo.baseFee.minimum: expected at most 12000000000, found 100000000000
      rails.tempo.execution.tokens[0].quote: expected one of A, A, found "Q"
      rails.tempo.execution.tokens[1].name: expected a name of its own, found "A"
      rails.tempo.execution.pools[0].to: expected one of A, A, found "B"
      rails.tempo.execution.validatorTokens.visa: expected one of A, A, found "C"
      rails.tempo.execution.tokens: expected a token with a share above 0, found "none"
      rails.tempo.execution.nonces.validFor: expected from 1s to 30s, the window of T8,
        found "31s"
      rails.tempo.execution.gasLimit: expected at most the cap of a transaction, 1, found
        300000
      "
    `)
  })

  test('behavior: misspelt tokens and validators, with the name that is near', () => {
    const found = tempo(({ execution }) => {
      execution.validatorTokens = { visa: 'AlfaUSD', 'validator-12': 'pathUSD' }
    })
    expect(wrapped(found)).toMatchInlineSnapshot(`
      "
      rails.tempo.execution.validatorTokens.visa: expected one of pathUSD, AlphaUSD,
        BetaUSD, ThetaUSD, found "AlfaUSD" (did you mean \`AlphaUSD\`?)
      rails.tempo.execution.validatorTokens.validator-12: expected the name of a validator:
        stripe, visa, zodia, moneygram, validator-5, validator-6, validator-7, validator-8,
        validator-9, validator-10, found "validator-12" (did you mean \`validator-10\`?)
      "
    `)
  })

  test('behavior: the fee of a fork without one', () => {
    expect(tempo((rail) => delete rail.execution)).toContain(
      "rails.tempo.baseFee.kind: expected an `execution` whose fork has a rule, or 'eip1559' or " +
        "'none', found \"fork\"",
    )
  })
})
