import type { ConsensusModel } from '@counterpoise/consensus'
import { matchSites, type SelectableSite, type Selector } from '@counterpoise/faults'
import { listed, shown, suggestion } from './errors.ts'
import { endOf } from './faultPlan.ts'
import { networkIn } from './minerLevel.ts'
import { plannedSites } from './planned.ts'
import type { FaultConfig } from './schema/faults.ts'
import { maxima } from './schema/maxima.ts'
import type { ScenarioData } from './schema/scenario.ts'
import type { Problem } from './sourced.ts'

type Path = readonly PropertyKey[]

/** Faults that hit nothing, contradict themselves or change nothing. */
export function faultProblems(
  data: ScenarioData,
  models: readonly ConsensusModel[],
): Problem[] {
  if (data.faults.length === 0) return []
  const sites = plannedSites(data)
  const linked = sites.filter(({ rail }) => data.rails[rail!]!.kind === 'chain')
  return data.faults.flatMap((fault, k): Problem[] => {
    const at = ['faults', k]
    const found = selectors(fault).flatMap(([path, where]) =>
      selectorProblems(where, [...at, ...path], { sites, linked, what: fault.what }),
    )
    if (found.length > 0) return found
    return [
      ...repeatProblems(fault, at, endOf(data)),
      ...sideProblems(fault, at, linked),
      ...throttleProblems(fault, at, { data, linked, models }),
    ]
  })
}

/** The selectors of a fault and where they stand in it. */
function selectors(fault: FaultConfig): [Path, Selector][] {
  if (fault.what === 'partition') return fault.sides.map((side, k) => [['sides', k], side])
  if (fault.what === 'outage' || fault.to === undefined) return [[['where'], fault.where]]
  return [
    [['where'], fault.where],
    [['to'], fault.to],
  ]
}

type Sites = {
  sites: readonly SelectableSite[]
  linked: readonly SelectableSite[]
  what: FaultConfig['what']
}

function selectorProblems(where: Selector, at: Path, { sites, linked, what }: Sites): Problem[] {
  const match = matchSites(where, sites)
  if (match.unknown.length === 0) {
    if (!match.ok) {
      return [{ at, expected: 'attributes that some site has together', found: shown(where) }]
    }
    if (what === 'outage' || matchSites(where, linked).ok) return []
    const expected = `nodes of a chain: a ${what} is one of links, and a card rail has none`
    return [{ at, expected, found: shown(where) }]
  }
  return match.unknown.map(({ key, found, known }) => {
    const value = where[key]
    const place = typeof value === 'object' ? [key, value.indexOf(found)] : [key]
    const expected = known.length === 0 ? `no ${key}: no site has one` : `one of ${listed(known)}`
    return { at: [...at, ...place], expected, found: shown(found), hint: suggestion(found, known) }
  })
}

function repeatProblems({ repeat, at: begins }: FaultConfig, at: Path, end: number): Problem[] {
  if (repeat === undefined) return []
  const { every, times = Number.POSITIVE_INFINITY } = repeat
  const expected = Math.min(times, Math.ceil((end - begins) / every))
  if (expected <= maxima.repetitions) return []
  const most = `at most ${maxima.repetitions} repetitions within the run`
  return [{ at: [...at, 'repeat', 'every'], expected: most, found: `${expected}` }]
}

function sideProblems(fault: FaultConfig, at: Path, linked: readonly SelectableSite[]): Problem[] {
  if (fault.what !== 'partition') return []
  const sideOf = new Map<number, number>()
  for (const [side, where] of fault.sides.entries()) {
    const match = matchSites(where, linked)
    for (const site of match.ok ? match.hits : []) {
      const before = sideOf.get(site)
      if (before === undefined) sideOf.set(site, side)
      else {
        const expected = 'sides that share no node with each other'
        const found = `\`${linked[site]!.name}\` on sides[${before}] as well`
        return [{ at: [...at, 'sides', side], expected, found }]
      }
    }
  }
  if (fault.sides.length > 1 || sideOf.size < linked.length) return []
  const expected = 'a side that leaves somebody on the other one'
  return [{ at: [...at, 'sides', 0], expected, found: shown(fault.sides[0]) }]
}

type Chains = {
  data: ScenarioData
  linked: readonly SelectableSite[]
  models: readonly ConsensusModel[]
}

function throttleProblems(fault: FaultConfig, at: Path, chains: Chains): Problem[] {
  const { data, linked, models } = chains
  if (fault.what !== 'throttle') return []
  const match = matchSites(fault.where, linked)
  const names = new Set((match.ok ? match.hits : []).map((site) => linked[site]!.rail!))
  const isLimited = [...names].some((name) => {
    const rail = data.rails[name]!
    if (rail.kind !== 'chain') return false
    const model = models.find(({ name: kind }) => kind === rail.consensus.kind)
    const { upMbps, downMbps } = networkIn(rail).bandwidth ?? {}
    // A model that brings what its members say by itself knows what bytes take.
    return model?.createWhole !== undefined || upMbps !== undefined || downMbps !== undefined
  })
  if (isLimited) return []
  const expected = 'a chain with a `network.bandwidth`: without one there is nothing to throttle'
  return [{ at: [...at, 'what'], expected, found: [...names].join(', ') }]
}
