import { type BaseFeeRule, noBaseFee, tempoRules, usd } from '@counterpoise/ledger'
import type { TempoOptions } from '@counterpoise/rails'
import { seconds } from '@counterpoise/engine'
import { listed, shown, suggestion } from './errors.ts'
import type { ChainConfig } from './schema/rails.ts'
import { foundersOf, validatorsOf } from './planned.ts'
import type { Problem } from './sourced.ts'
import { candidatesOf, registrationsOf } from './validatorChanges.ts'

/** Tempo's rules of a chain, in the units of the rails. */
export function tempoOf(
  config: ChainConfig,
  accounts: number,
): TempoOptions | undefined {
  const { execution } = config
  if (execution === undefined) return undefined
  const { fork, kind: _kind, nonces, policies, policyGas, pools, rebalancing } = execution
  const { validatorChanges: _changes, validatorGas, ...rest } = execution
  return {
    ...rest,
    rules: tempoRules(fork),
    policies: {
      ...{ accounts, updateGas: policyGas, policies },
      updates: policies.flatMap(({ updates }, policy) =>
        updates.map(({ at, share, what }) => ({ at, policy, share, isListed: what === 'add' })),
      ),
    },
    validators: { gas: validatorGas, changes: registrationsOf(config, validatorsOf(config)) },
    pools: pools.map(({ from, to, liquidityUsd }) => ({ from, to, liquidity: usd(liquidityUsd) })),
    sessions: { ...execution.sessions, deposit: usd(execution.sessions.depositUsd) },
    rebalancing: { above: usd(rebalancing.aboveUsd), gas: rebalancing.gas },
    nonces: { ...nonces, validForSeconds: Math.floor(nonces.validFor / seconds(1)) },
  }
}

/** The rule by which the base fee of a chain moves. */
export function baseFeeOf({ baseFee, execution }: ChainConfig): BaseFeeRule {
  if (baseFee.kind === 'none') return noBaseFee
  if (baseFee.kind === 'fork') {
    const rule = tempoRules(execution!.fork).baseFee
    const { minimum = rule.minimum, maximum = rule.maximum } = baseFee
    return {
      initial: baseFee.start === 'floor' ? minimum : maximum,
      gasTarget: baseFee.gasTarget ?? rule.gasTarget,
      changeDenominator: baseFee.changeDenominator ?? rule.changeDenominator,
      minimum,
      maximum,
    }
  }
  const { kind: _kind, ...rule } = baseFee
  return rule
}

/** What keeps a chain from being built by the rules that it names. */
export function executionProblems(config: ChainConfig, at: readonly PropertyKey[]): Problem[] {
  const { baseFee, execution, mempool, wallet } = config
  const problems: Problem[] = []
  const expect = (
    holds: boolean,
    path: readonly PropertyKey[],
    expected: string,
    found: unknown,
  ): void => {
    if (!holds) problems.push({ at: [...at, ...path], expected, found: shown(found) })
  }
  if (execution === undefined) {
    const needs = "an `execution` whose fork has a rule, or 'eip1559' or 'none'"
    expect(baseFee.kind !== 'fork', ['baseFee', 'kind'], needs, baseFee.kind)
    return problems
  }
  expect(mempool.rules === 'price', ['mempool', 'rules'], "'price' with `execution`", mempool.rules)
  const isBase = wallet.strategy === 'base fee'
  expect(isBase, ['wallet', 'strategy'], "'base fee' with `execution`", wallet.strategy)
  if (baseFee.kind === 'fork') {
    const { minimum, maximum } = baseFeeOf(config)
    expect(minimum <= maximum, ['baseFee', 'minimum'], `at most ${maximum}`, minimum)
  }
  const { fork, gasLimit, nonces, pools, tokens, transactionGas, validatorTokens } = execution
  const names = tokens.map(({ name }) => name)
  const isKnown = (name: string, path: readonly PropertyKey[]): void => {
    if (names.includes(name)) return
    const expected = `one of ${listed(names)}`
    const hint = suggestion(name, names)
    problems.push({ at: [...at, 'execution', ...path], expected, found: shown(name), hint })
  }
  for (const [index, { name, quote }] of tokens.entries()) {
    const first = names.indexOf(name)
    expect(first === index, ['execution', 'tokens', index, 'name'], 'a name of its own', name)
    if (quote !== undefined) isKnown(quote, ['tokens', index, 'quote'])
  }
  for (const [index, { from, to }] of pools.entries()) {
    isKnown(from, ['pools', index, 'from'])
    isKnown(to, ['pools', index, 'to'])
  }
  for (const [index, { token }] of execution.policies.entries()) {
    isKnown(token, ['policies', index, 'token'])
  }
  for (const [name, token] of Object.entries(validatorTokens)) {
    isKnown(token, ['validatorTokens', name])
    const validators = everValidators(config)
    if (validators.includes(name)) continue
    const expected = `the name of a validator: ${listed(validators)}`
    const hint = suggestion(name, validators)
    const path = [...at, 'execution', 'validatorTokens', name]
    problems.push({ at: path, expected, found: shown(name), hint, isKey: true })
  }
  const hasShare = tokens.some(({ share }) => share > 0)
  expect(hasShare, ['execution', 'tokens'], 'a token with a share above 0', 'none')
  const window = tempoRules(fork).expiringWindowSeconds
  const fits = nonces.validFor >= seconds(1) && nonces.validFor <= seconds(window)
  const between = `from 1s to ${window}s, the window of ${fork}`
  expect(fits, ['execution', 'nonces', 'validFor'], between, `${nonces.validFor / 1e6}s`)
  const cap = `at most the cap of a transaction, ${transactionGas}`
  expect(gasLimit <= transactionGas, ['execution', 'gasLimit'], cap, gasLimit)
  return problems
}

/** The names of all who validate, or might have: votes are often what a study changes. */
function everValidators(config: ChainConfig): string[] {
  const { motions = [] } = config.association ?? {}
  const admitted = motions.flatMap((motion) => (motion.what === 'admit' ? [motion.member] : []))
  const all = [...foundersOf(config), ...admitted, ...candidatesOf(config)]
  return [...new Set(all.map(({ name }) => name))]
}
