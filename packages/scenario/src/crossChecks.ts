import type { ConsensusModel } from '@counterpoise/consensus'
import { matchSites, type SelectableSite } from '@counterpoise/faults'
import { awsLatency } from '@counterpoise/network'
import { nearest, shown } from './errors.ts'
import { plannedSites, validatorsOf } from './planned.ts'
import type { CardConfig, ChainConfig } from './schema/rails.ts'
import type { ScenarioData } from './schema/scenario.ts'

/** A problem with its place. */
export type Problem = {
  at: readonly PropertyKey[]
  expected: string
  found: string
  hint?: string | undefined
}

/** What a schema cannot say: that names refer to something, that parts fit together. */
export function crossChecks(data: ScenarioData, models: readonly ConsensusModel[]): Problem[] {
  const problems = [
    ...chainProblems(data, models),
    ...routerProblems(data),
    ...workloadProblems(data),
  ]
  // Faults are looked at last: a region that does not exist would be reported twice.
  return problems.length > 0 ? problems : faultProblems(data)
}

function chainProblems(data: ScenarioData, models: readonly ConsensusModel[]): Problem[] {
  return Object.entries(data.rails).flatMap(([name, rail]) => {
    const at = ['rails', name]
    if (rail.kind === 'card') return homeProblems(rail, at)
    return [...regionProblems(rail, at), ...powerProblems(rail, at, models)]
  })
}

function homeProblems(rail: CardConfig, at: readonly PropertyKey[]): Problem[] {
  const centres = rail.dataCentres.length
  return rail.acquirers.flatMap(({ home = 0 }, k) => {
    if (home < centres) return []
    const path = [...at, 'acquirers', k, 'home']
    return [{ at: path, expected: `a data centre from 0 to ${centres - 1}`, found: shown(home) }]
  })
}

function regionProblems(rail: ChainConfig, at: readonly PropertyKey[]): Problem[] {
  if (rail.latency.kind !== 'measured') return []
  const check = (region: string, path: readonly PropertyKey[]): Problem[] => {
    if (awsLatency.regions.includes(region)) return []
    const near = nearest(region, awsLatency.regions)
    return [
      {
        at: [...at, ...path],
        expected: `a region of the latency matrix (${awsLatency.regions.join(', ')})`,
        found: shown(region),
        hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
      },
    ]
  }
  const listed = Array.isArray(rail.validators) ? rail.validators : []
  return [
    ...listed.flatMap(({ region }, k) => check(region, ['validators', k, 'region'])),
    ...rail.access.nodes.flatMap(({ region }, k) => check(region, ['access', 'nodes', k, 'region'])),
    ...(rail.regions ?? []).flatMap((region, k) => check(region, ['regions', k])),
    ...(rail.relays?.regions ?? []).flatMap(({ region }, k) =>
      check(region, ['relays', 'regions', k, 'region']),
    ),
  ]
}

function powerProblems(
  rail: ChainConfig,
  at: readonly PropertyKey[],
  models: readonly ConsensusModel[],
): Problem[] {
  const problems: Problem[] = []
  const validators = validatorsOf(rail)
  if (!(validators.reduce((sum, { weight }) => sum + weight, 0) > 0)) {
    problems.push({
      at: [...at, 'validators'],
      expected: 'at least one validator of weight above 0',
      found: 'none',
    })
  }
  const { faultTolerance, kind } = rail.consensus
  const limit = models.find((model) => model.name === kind)!.faultLimit(validators.length)
  if (faultTolerance !== undefined && faultTolerance > limit) {
    problems.push({
      at: [...at, 'consensus', 'faultTolerance'],
      expected: `at most ${limit}: what \`${kind}\` survives among ${validators.length} validators`,
      found: shown(faultTolerance),
    })
  }
  return problems
}

function routerProblems(data: ScenarioData): Problem[] {
  if (data.offer === 'each' || !Object.hasOwn(data.rails, data.router.name)) return []
  return [
    {
      at: ['router', 'name'],
      expected: 'a name that no rail has',
      found: shown(data.router.name),
    },
  ]
}

function workloadProblems(data: ScenarioData): Problem[] {
  const { workload } = data
  const problems: Problem[] = []
  if (workload.arrivals.length === 0 && workload.trace === undefined) {
    problems.push({ at: ['workload'], expected: '`arrivals` or a `trace`', found: 'neither' })
  }
  if (workload.trace !== undefined && workload.arrivals.length > 0) {
    problems.push({ at: ['workload', 'trace'], expected: 'no `arrivals` beside it', found: 'both' })
  }
  if (workload.trace !== undefined && 'file' in workload.trace) {
    problems.push({
      at: ['workload', 'trace', 'file'],
      expected: 'a scenario that was read from a file',
      found: shown(workload.trace.file),
      hint: 'in a script, give the text itself: `trace: { csv }`',
    })
  }
  const opened = workload.accounts.count * workload.accounts.openingUsd
  if (!(opened * 1_000_000 <= Number.MAX_SAFE_INTEGER)) {
    problems.push({
      at: ['workload', 'accounts', 'openingUsd'],
      expected: 'balances of at most 9 billion dollars in all, so that they are counted exactly',
      found: `${workload.accounts.count} accounts of $${workload.accounts.openingUsd}`,
    })
  }
  return problems
}

function faultProblems(data: ScenarioData): Problem[] {
  const sites: SelectableSite[] = plannedSites(data)
  return data.faults.flatMap((fault, k) => {
    const match = matchSites(fault.where, sites)
    const [first] = match.unknown
    if (match.ok && first === undefined) return []
    const at = ['faults', k, 'where']
    if (first === undefined) {
      return [{ at, expected: 'attributes that some site has together', found: shown(fault.where) }]
    }
    const near = nearest(first.found, first.known)
    return [
      {
        at: [...at, first.key],
        expected: `one of ${first.known.slice(0, 30).join(', ')}`,
        found: shown(first.found),
        hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
      },
    ]
  })
}
