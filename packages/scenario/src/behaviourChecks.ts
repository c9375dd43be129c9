import type { ConsensusModel } from '@counterpoise/consensus'
import { matchSites, type SelectableSite, type Selector } from '@counterpoise/faults'
import { membersOf } from './behavioursOf.ts'
import { listed, shown, suggestion } from './errors.ts'
import { builtInModels } from './models.ts'
import type { BehaviourConfig } from './schema/behaviours.ts'
import type { ChainConfig } from './schema/rails.ts'
import type { Problem } from './sourced.ts'

type Path = readonly PropertyKey[]

/** Work that the chain's consensus has no messages for; what another's does not tell takes none. */
export function serviceProblems(rail: ChainConfig, at: Path, model: ConsensusModel): Problem[] {
  const { service } = rail
  const isTold = model.signatures !== undefined || !builtInModels.includes(model)
  if (service === undefined || isTold) return []
  return (['voteUs', 'certificateUs'] as const).flatMap((key): Problem[] => {
    if (service[key] === 0) return []
    const expected = '0: messages of this consensus are not verified one by one'
    return [{ at: [...at, 'service', key], expected, found: `${service[key]}, ${model.name}` }]
  })
}

/** Behaviours that hit nobody, meet in one validator, or that the chain cannot show. */
export function behaviourProblems(
  rail: ChainConfig,
  at: Path,
  model: ConsensusModel,
): Problem[] {
  const { behaviours = [] } = rail
  if (behaviours.length === 0) return []
  const { sites, validators } = membersOf(String(at.at(-1)), rail)
  const voters = sites.slice(0, validators)
  const taken = new Map<number, number>()
  return behaviours.flatMap((entry, k): Problem[] => {
    const here = [...at, 'behaviours', k]
    const problems = [
      ...modelProblems(entry, here, { rail, model }),
      ...selectorProblems(entry.where, [...here, 'where'], voters),
      ...(entry.what === 'selectiveSending'
        ? selectorProblems(entry.to, [...here, 'to'], sites)
        : []),
      ...(entry.what === 'twin' ? selectorProblems(entry.side, [...here, 'side'], sites) : []),
    ]
    if (problems.length > 0) return problems
    const match = matchSites(entry.where, voters)
    for (const node of match.ok ? match.hits : []) {
      const before = taken.get(node)
      if (before !== undefined) {
        const expected = 'validators that no other behaviour has'
        const found = `\`${voters[node]!.name}\` in behaviours[${before}] as well`
        return [{ at: [...here, 'where'], expected, found }]
      }
      taken.set(node, k)
    }
    return []
  })
}

/** Behaviours that alter what a member says of a block, so that the model must tell what it is. */
const aboutBlocks: readonly BehaviourConfig['what'][] = [
  'equivocatingLeader',
  'doubleVoting',
  'voteWithholding',
  'twin',
]

function modelProblems(
  { what }: BehaviourConfig,
  at: Path,
  { rail, model }: { rail: ChainConfig; model: ConsensusModel },
): Problem[] {
  const found = model.name
  if (model.createWhole !== undefined) {
    const expected = 'a consensus whose validators are replicas of their own'
    return [{ at, expected, found }]
  }
  if (aboutBlocks.includes(what) && model.isOwnWord === undefined) {
    const expected = 'a consensus by signed proposals and votes, which a validator can lie about'
    return [{ at: [...at, 'what'], expected, found }]
  }
  if (what === 'censoringLeader' && rail.mempool.rules !== 'price') {
    const expected = "a chain with `mempool.rules: 'price'`"
    return [{ at: [...at, 'what'], expected, found: rail.mempool.rules }]
  }
  return []
}

function selectorProblems(
  where: Selector,
  at: Path,
  sites: readonly SelectableSite[],
): Problem[] {
  const match = matchSites(where, sites)
  if (match.unknown.length === 0) {
    if (match.ok) return []
    return [{ at, expected: 'attributes that some node has together', found: shown(where) }]
  }
  return match.unknown.map(({ key, found, known }) => {
    const value = where[key]
    const place = typeof value === 'object' ? [key, value.indexOf(found)] : [key]
    const expected = known.length === 0 ? `no ${key}: no node has one` : `one of ${listed(known)}`
    return { at: [...at, ...place], expected, found: shown(found), hint: suggestion(found, known) }
  })
}
