import type { ConsensusModel, Member } from '@counterpoise/consensus'
import { createBlockStore, genesis, relayedWeightMax } from '@counterpoise/ledger'
import { behaviourProblems, serviceProblems } from './behaviourChecks.ts'
import { listed, shown, suggestion } from './errors.ts'
import { councilOf } from './council.ts'
import { impossible, networkProblems } from './networkChecks.ts'
import { firstValidatorsOf, foundersOf, nodeCounts, validatorsOf } from './planned.ts'
import type { AssociationConfig } from './schema/association.ts'
import { maxima } from './schema/maxima.ts'
import { network } from './schema/network.ts'
import type { CardConfig, ChainConfig, RailConfig } from './schema/rails.ts'
import type { Problem } from './sourced.ts'
import { executionProblems } from './tempoOf.ts'
import { validatorChangeProblems } from './validatorChanges.ts'

type Path = readonly PropertyKey[]

/** What keeps a rail from being built as the schema lets it be written. */
export function railProblems(
  rail: RailConfig,
  at: Path,
  context: { models: readonly ConsensusModel[]; seed: string; accounts: number },
): Problem[] {
  const { models, seed, accounts } = context
  if (rail.kind === 'card') return homeProblems(rail, at)
  const model = models.find(({ name }) => name === rail.consensus.kind)!
  const councils = associationProblems(rail, at)
  if (councils.length > 0) return councils
  const sizes = sizeProblems(rail, at, model)
  const isWhole = model.createWhole !== undefined
  return [
    // Who has a vote and who is linked is only looked at where there are not absurdly many.
    ...(sizes.length > 0 || isWhole ? sizes : networkProblems(rail, at, seed)),
    ...(isWhole ? unusedNetworkProblems(rail, at) : []),
    ...(sizes.length > 0
      ? []
      : [
          ...powerProblems(rail, at, model),
          ...modelProblems(rail, at, { model, accounts }),
          ...behaviourProblems(rail, at, model),
          ...changeProblems(rail, at, model),
        ]),
    ...serviceProblems(rail, at, model),
    ...blockProblems(rail, at),
    ...poolProblems(rail, at),
    ...executionProblems(rail, at),
    ...timeProblems(rail.consensus.parameters, [...at, 'consensus', 'parameters']),
  ]
}

function homeProblems(rail: CardConfig, at: Path): Problem[] {
  const centres = rail.dataCentres.length
  return rail.acquirers.flatMap(({ home = 0 }, k) => {
    if (home < centres) return []
    const path = [...at, 'acquirers', k, 'home']
    return [{ at: path, expected: `a data centre from 0 to ${centres - 1}`, found: shown(home) }]
  })
}

function sizeProblems(rail: ChainConfig, at: Path, model: ConsensusModel): Problem[] {
  const { validators, followers } = nodeCounts(rail)
  const nodes = validators + followers
  const limit = rail.network.fifo ? maxima.orderedNodes : maxima.nodes
  if (nodes > limit) {
    const kept = rail.network.fifo ? ' that keep messages in order (`fifo`)' : ''
    return [{ at, expected: `at most ${limit} nodes${kept}`, found: `${nodes} nodes` }]
  }
  if (model.dissemination === 'direct' && validators > maxima.directVoters) {
    const expected = `at most ${maxima.directVoters} validators, who all vote to all`
    return [{ at: [...at, 'validators'], expected, found: `${validators}` }]
  }
  return []
}

/** What a model itself has against a scenario. */
function modelProblems(
  rail: ChainConfig,
  at: Path,
  { model, accounts }: { model: ConsensusModel; accounts: number },
): Problem[] {
  if (model.stake === undefined && Array.isArray(rail.validators)) {
    const entry = rail.validators.findIndex(({ stake }) => stake !== undefined)
    if (entry >= 0) {
      const path = [...at, 'validators', entry, 'stake']
      const expected = `nothing: \`${model.name}\` knows weights only`
      return [{ at: path, expected, found: shown(rail.validators[entry]!.stake) }]
    }
  }
  const found = model.problems?.(rail.consensus.parameters, validatorsOf(rail), accounts) ?? []
  return found.map(({ path, ...problem }) => ({ at: [...at, ...path], ...problem }))
}

/** A model that keeps its members together brings what they say by itself. */
function unusedNetworkProblems({ network: given, consensus }: ChainConfig, at: Path): Problem[] {
  const usual: Record<string, unknown> = { ...network.parse({}), churn: given.churn }
  return Object.entries(given).flatMap(([key, value]): Problem[] => {
    if (JSON.stringify(value) === JSON.stringify(usual[key])) return []
    const { kind } = consensus
    const expected = `nothing: \`${kind}\` has ways of its own, in consensus.parameters`
    return [{ at: [...at, 'network', key], expected, found: shown(value) }]
  })
}

/** Changes of validators that cannot be. */
function changeProblems(rail: ChainConfig, at: Path, model: ConsensusModel): Problem[] {
  const { parameters } = rail.consensus
  const hasEpochs = model.committees?.(parameters, createBlockStore(), genesis) !== undefined
  return validatorChangeProblems(rail, firstValidatorsOf(rail), hasEpochs).map((problem) => ({
    ...problem,
    at: [...at, ...problem.at],
  }))
}

/** Votes that cannot be, and weights that are no votes. */
function associationProblems(rail: ChainConfig, at: Path): Problem[] {
  const { association } = rail
  if (association === undefined) return []
  const founders = foundersOf(rail)
  const uneven = founders.find(({ weight }) => weight !== 1)
  if (uneven !== undefined) {
    const expected = 'a weight of 1 for everybody: a member of the `association` has one vote'
    const found = `${uneven.weight} for ${uneven.name}`
    return [{ at: [...at, 'validators'], expected, found }]
  }
  const path = [...at, 'association', 'motions']
  const unknown = strangersAmong(founders, association).map((problem) => ({
    ...problem,
    at: [...path, ...problem.at],
  }))
  if (unknown.length > 0) return unknown
  return impossible(path, 'votes that can be', () => councilOf(founders, association))
}

/** Whom a motion would remove although nobody of that name was ever to be a member. */
function strangersAmong(founders: readonly Member[], { motions }: AssociationConfig): Problem[] {
  const known = founders.map(({ name }) => name)
  return motions.flatMap((motion, index): Problem[] => {
    if (motion.what === 'admit') known.push(motion.member.name)
    else if (!known.includes(motion.member)) {
      const expected = `a member, or one that a motion before was to admit: ${listed(known)}`
      const hint = suggestion(motion.member, known)
      return [{ at: [index, 'member'], expected, found: shown(motion.member), hint }]
    }
    return []
  })
}

function powerProblems(rail: ChainConfig, at: Path, model: ConsensusModel): Problem[] {
  const voters = validatorsOf(rail).filter(({ weight }) => weight > 0)
  if (voters.length === 0) {
    const expected = 'at least one validator of weight above 0'
    return [{ at: [...at, 'validators'], expected, found: 'none' }]
  }
  const { faultTolerance, kind } = rail.consensus
  const limit = model.faultLimit(voters.length)
  if (faultTolerance === undefined || faultTolerance <= limit) return []
  return [
    {
      at: [...at, 'consensus', 'faultTolerance'],
      expected: `at most ${limit}: what \`${kind}\` survives among ${voters.length} validators`,
      found: shown(faultTolerance),
    },
  ]
}

/** A payment that fits no block or no pool would wait for ever. */
function blockProblems({ block, mempool }: ChainConfig, at: Path): Problem[] {
  const problems: Problem[] = []
  const expect = (holds: boolean, path: Path, expected: string, found: number): void => {
    if (!holds) problems.push({ at: [...at, ...path], expected, found: shown(found) })
  }
  const { unitsLimit, unitsPerPayment, bytesLimit, bytesPerPayment, unitsPerSecond } = block
  const { unitsPerBlock = 0, laneLimit = unitsLimit, givesWay = true } = block.otherTraffic ?? {}
  const room = givesWay ? unitsLimit : unitsLimit - Math.min(unitsPerBlock, laneLimit)
  const inBlock = `at most what a block has for payments: ${room}`
  expect(unitsPerPayment <= room, ['block', 'unitsPerPayment'], inBlock, unitsPerPayment)
  const inBytes = `at most what a block holds: ${bytesLimit}`
  expect(bytesPerPayment <= bytesLimit, ['block', 'bytesPerPayment'], inBytes, bytesPerPayment)
  const inPool = `room for a payment of ${unitsPerPayment}`
  const pool = mempool.unitsLimit
  expect(pool >= unitsPerPayment, ['mempool', 'unitsLimit'], inPool, pool)
  expect(
    unitsPerSecond === 0 || unitsLimit / unitsPerSecond <= maxima.checkSeconds,
    ['block', 'unitsPerSecond'],
    'a speed at which a full block is checked within a day, or 0 for no time at all',
    unitsPerSecond,
  )
  return problems
}

/** Bitcoin's rules know weight and satoshi, and what builds on them needs those rules. */
function poolProblems({ block, mempool, baseFee, wallet }: ChainConfig, at: Path): Problem[] {
  const problems: Problem[] = []
  const expect = (holds: boolean, path: Path, expected: string, found: unknown): void => {
    if (!holds) problems.push({ at: [...at, ...path], expected, found: shown(found) })
  }
  const { rules } = mempool
  if (rules === 'price') {
    const needs = "`mempool.rules` other than 'price' with it"
    expect(wallet.strategy !== 'bitcoin estimate', ['wallet', 'strategy'], needs, wallet.strategy)
    expect(mempool.fidelity === 'shared', ['mempool', 'fidelity'], needs, mempool.fidelity)
    expect(wallet.bump === undefined, ['wallet', 'bump'], needs, wallet.bump)
    expect(wallet.doubleSpend === undefined, ['wallet', 'doubleSpend'], needs, wallet.doubleSpend)
    return problems
  }
  const { unitsPerPayment } = block
  const relayed = `at most ${relayedWeightMax}: nodes relay no heavier transaction`
  const isRelayed = unitsPerPayment <= relayedWeightMax
  expect(isRelayed, ['block', 'unitsPerPayment'], relayed, unitsPerPayment)
  const free = `'none' with the mempool rules '${rules}'`
  expect(baseFee.kind === 'none', ['baseFee', 'kind'], free, baseFee.kind)
  const isBid = wallet.strategy !== 'base fee'
  expect(isBid, ['wallet', 'strategy'], "'mempool depth' or 'bitcoin estimate'", wallet.strategy)
  return problems
}

/** By this project's convention a parameter whose name ends in `Ms` is a time in milliseconds. */
function timeProblems(parameters: unknown, at: Path): Problem[] {
  if (typeof parameters !== 'object' || parameters === null) return []
  const entries = Array.isArray(parameters)
    ? parameters.map((item, k): [PropertyKey, unknown] => [k, item])
    : Object.entries(parameters)
  return entries.flatMap(([key, value]): Problem[] => {
    const path = [...at, key]
    if (typeof value !== 'number') return timeProblems(value, path)
    if (!String(key).endsWith('Ms')) return []
    const isTime = value === 0 || (value >= 0.001 && value <= maxima.milliseconds)
    const expected = 'a time of at least 1 µs and at most 10,000 days, or 0, in ms'
    return isTime ? [] : [{ at: path, expected, found: shown(value) }]
  })
}
