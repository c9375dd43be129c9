import type { Member, ModelProblem } from '@counterpoise/consensus'
import { BaseError } from '@counterpoise/engine'
import type { NakamotoParameters } from './parameters.ts'
import { type AttackParameters, isStrategic } from './attacks/attackParameters.ts'
import { strategyIn } from './attacks/strategicAttack.ts'

type Path = readonly (string | number)[]
type Problem = { path: Path; expected: string; found: unknown }
type Scenario = { weights: readonly number[]; accounts: number }

/** What keeps parameters from being those of a scenario. */
export function problemsIn(
  parameters: NakamotoParameters,
  validators: readonly Member[],
  accounts: number,
): ModelProblem[] {
  const weights = validators.map(({ weight }) => weight)
  const problems = [...delayProblems(parameters), ...problemsOf(parameters, { weights, accounts })]
  return problems.map(({ path, expected, found }) => ({
    path: ['consensus', 'parameters', ...path],
    expected,
    found: typeof found === 'string' ? found : JSON.stringify(found),
  }))
}

/** A delay that is missing, or that nobody looks at. */
function delayProblems({ fidelity, delayMs }: NakamotoParameters): Problem[] {
  if ((fidelity === 'miner') === (delayMs !== undefined)) return []
  const path = ['delayMs']
  return fidelity === 'miner'
    ? [{ path, expected: "with `fidelity` 'miner', how long blocks take", found: 'nothing' }]
    : [{ path, expected: "no delay without `fidelity` 'miner'", found: delayMs }]
}

function problemsOf({ attacks, retarget }: NakamotoParameters, scenario: Scenario): Problem[] {
  const strategies = attacks.filter(isStrategic)
  const swaying = attacks.filter((attack) => isStrategic(attack) && attack.gamma !== undefined)
  const problems = attacks.flatMap((attack, k): Problem[] => {
    const at = ['attacks', k]
    return [
      ...minerProblems(attack.miners, [...at, 'miners'], scenario),
      ...ownProblems(attack, at, scenario),
    ]
  })
  attacks.forEach((attack, k) => {
    const at = ['attacks', k]
    if (attack.kind === 'timestamps' && retarget !== 'bitcoin') {
      const path = [...at, 'kind']
      problems.push({ path, expected: "`retarget` 'bitcoin' with it", found: retarget })
    }
    if (attack.kind === 'eclipse' && attack.allies && strategies.length !== 1) {
      const expected = 'one attack with a strategy beside it, whose allies they are'
      problems.push({ path: [...at, 'allies'], expected, found: strategies.length })
    }
    if (swaying.length > 1 && swaying.indexOf(attack) > 0) {
      const expected = 'a gamma for one attack only'
      problems.push({ path: [...at, 'gamma'], expected, found: 'another one' })
    }
  })
  return [...problems, ...overlaps(attacks)]
}

function minerProblems(
  miners: readonly number[],
  at: Path,
  { weights }: Scenario,
): Problem[] {
  return miners.flatMap((miner, k): Problem[] => {
    const path = [...at, k]
    if (miner >= weights.length) {
      const expected = `a validator from 0 to ${weights.length - 1}`
      return [{ path, expected, found: miner }]
    }
    if (weights[miner]! > 0) return []
    return [{ path, expected: 'a validator of weight above 0', found: miner }]
  })
}

function ownProblems(attack: AttackParameters, at: Path, scenario: Scenario): Problem[] {
  const problems: Problem[] = []
  if (attack.kind === 'block-withholding') {
    const { pool, miners } = attack
    problems.push(...minerProblems([pool], at, scenario).map((problem) => ({
      ...problem,
      path: [...at, 'pool'],
    })))
    if (miners.includes(pool)) {
      const expected = 'a pool other than those that hurt it'
      problems.push({ path: [...at, 'pool'], expected, found: pool })
    }
  }
  if (attack.kind === 'feather-fork') {
    const given = [attack.accounts, attack.targetShare].filter((each) => each !== undefined)
    const expected = 'either `accounts` or `targetShare`: what it objects to'
    if (given.length !== 1) problems.push({ path: at, expected, found: given })
  }
  if (isStrategic(attack)) problems.push(...tableProblems(attack, at))
  const { accounts = [] } = attack as { accounts?: readonly number[] | undefined }
  for (const [k, account] of accounts.entries()) {
    if (account < scenario.accounts) continue
    const expected = `an account from 0 to ${scenario.accounts - 1}`
    problems.push({ path: [...at, 'accounts', k], expected, found: account })
  }
  return problems
}

/** A table that is none. */
function tableProblems(
  attack: Parameters<typeof strategyIn>[0],
  at: Path,
): Problem[] {
  if (attack.kind !== 'policy') return []
  try {
    strategyIn(attack)
    return []
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause
    const [expected = '', ...lines] = cause.message.split('\n')
    return [{ path: [...at, 'table'], expected, found: lines.join(' ') }]
  }
}

/** A miner that is told to do two things with what it finds. */
function overlaps(attacks: readonly AttackParameters[]): Problem[] {
  const taken = new Map<number, string>()
  return attacks.flatMap((attack, k) => {
    const { kind } = attack
    const decides = isStrategic(attack) || kind === 'eclipse' || kind === 'block-withholding'
    if (!decides) return []
    return attack.miners.flatMap((miner, index): Problem[] => {
      const before = taken.get(miner)
      taken.set(miner, kind)
      if (before === undefined) return []
      const path = ['attacks', k, 'miners', index]
      return [{ path, expected: `a miner without another attack (${before})`, found: miner }]
    })
  })
}
