import type { Member, ModelProblem } from '@counterpoise/consensus'
import { forkProfile } from '../transition/forkProfiles.ts'
import { type AttackName, attacks, boundaryWithholding, exAnteReorg } from './attacks.ts'
import { BeaconOptionsError, type BeaconNode, resolveSlot } from './beaconOptions.ts'
import { marketOf } from './marketParameters.ts'
import type { BeaconParameters, BeaconStake } from './parameters.ts'
import type { Strategy } from './strategy.ts'

/** Validators where the parameters do not say: about 899 k in May 2026. */
const defaultValidators = 899_000

/** What is known of a member's validators; `entry` is where the scenario lists them. */
export type MemberStake = Partial<BeaconStake> & { entry?: number | undefined }

const stakeOf = ({ data }: Member): MemberStake => (data as MemberStake | undefined) ?? {}

/** The nodes of the network for the members of a chain, with their validators. */
export function nodesOf(parameters: BeaconParameters, members: readonly Member[]): BeaconNode[] {
  const counts = validatorCounts(parameters, members)
  const { compoundingMaximumEther } = forkProfile(parameters.fork).balances
  const { proposalMedianMs, proposalSigma, missedSlotProbability } = parameters
  return members.map((member, index) => {
    const stake = stakeOf(member)
    const { behaviour = 'honest', balanceEther = parameters.balanceEther } = stake
    const grows = compoundingMaximumEther !== undefined && balanceEther > 32
    return {
      entity: member.attributes.operator,
      operator: member.attributes.operator,
      client: member.attributes.client,
      region: member.attributes.region,
      validators: counts[index]!,
      balanceEther,
      compounding: stake.compounding ?? grows,
      proposalMedianMs: stake.proposalMedianMs ?? proposalMedianMs,
      proposalSigma: stake.proposalSigma ?? proposalSigma,
      missedSlotProbability: stake.missedSlotProbability ?? missedSlotProbability,
      down: behaviour === 'offline' ? [[0, Number.POSITIVE_INFINITY]] : undefined,
      adversary: isAttack(behaviour),
      relays: behaviour === 'censoring' ? false : stake.relays,
      censors: behaviour === 'censoring' || behaviour === 'refusal',
    }
  })
}

const isAttack = (behaviour: string): behaviour is AttackName => Object.hasOwn(attacks, behaviour)

/** What the members that attack do; undefined where none does. */
export function strategyOf(
  parameters: BeaconParameters,
  members: readonly Member[],
): Strategy | undefined {
  const [name] = attacksOf(members)
  if (name === 'ex-ante-reorg') return exAnteReorg(parameters.attackSlots)
  if (name === 'boundary-withholding') return boundaryWithholding(parameters.attackDelayMs)
  return name === undefined ? undefined : attacks[name]()
}

function attacksOf(members: readonly Member[]): AttackName[] {
  const names = members.map((member) => stakeOf(member).behaviour ?? 'honest')
  return [...new Set(names.filter(isAttack))]
}

/**
 * Validators of each member: as many as its entry says; the others share what is left by weight,
 * by the method of largest remainders.
 */
export function validatorCounts(
  { validators = defaultValidators }: BeaconParameters,
  members: readonly Member[],
): number[] {
  const counts = members.map((member) => stakeOf(member).validators ?? 0)
  const open = members.flatMap((member, index) =>
    stakeOf(member).validators === undefined && member.weight > 0 ? [index] : [],
  )
  const left = validators - counts.reduce((sum, count) => sum + count, 0)
  if (open.length === 0 || left <= 0) return counts
  const weight = open.reduce((sum, index) => sum + members[index]!.weight, 0)
  const exact = open.map((index) => (members[index]!.weight / weight) * left)
  open.forEach((index, k) => (counts[index] = Math.floor(exact[k]!)))
  const missing = left - exact.reduce((sum, share) => sum + Math.floor(share), 0)
  const order = open
    .map((index, k) => ({ index, rest: exact[k]! - Math.floor(exact[k]!) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (let k = 0; k < missing; k++) {
    const { index } = order[k % order.length]!
    counts[index] = counts[index]! + 1
  }
  return counts
}

/** What keeps the model from running a scenario: each with its place. */
export function beaconProblems(
  parameters: BeaconParameters,
  validators: readonly Member[],
  accounts: number,
): ModelProblem[] {
  return [
    ...deadlineProblems(parameters),
    ...sumProblems(parameters, validators),
    ...ruleProblems(parameters, validators),
    ...attackProblems(parameters, validators),
    ...censorshipProblems(parameters, validators, accounts),
  ]
}

const own = (...path: (string | number)[]): (string | number)[] => [
  'consensus',
  'parameters',
  ...path,
]

function deadlineProblems(parameters: BeaconParameters): ModelProblem[] {
  const { slotMs } = parameters
  const { attestationDueMs, aggregateDueMs, proposalLatestMs } = resolveSlot(parameters)
  for (const [name, value] of Object.entries({ attestationDueMs, proposalLatestMs })) {
    if (value <= slotMs) continue
    return [{ path: own(name), expected: `at most slotMs, ${slotMs}`, found: `${value}` }]
  }
  if (aggregateDueMs < attestationDueMs || aggregateDueMs > slotMs) {
    const expected = `from attestationDueMs, ${attestationDueMs}, to slotMs, ${slotMs}`
    return [{ path: own('aggregateDueMs'), expected, found: `${aggregateDueMs}` }]
  }
  return []
}

/** Sums of shares as they are written are not exact in binary. */
const sumMargin = 1e-6

function sumProblems(parameters: BeaconParameters, members: readonly Member[]): ModelProblem[] {
  const { weights, validators = defaultValidators } = parameters
  const sum = members.reduce((total, { weight }) => total + weight, 0)
  const areEqual = members.every(({ weight }) => weight === 1)
  const path = ['validators']
  if (weights === 'shares' && !areEqual && Math.abs(sum - 1) > sumMargin) {
    const hint = 'with consensus.parameters.weights=relative they may have any sum'
    return [{ path, expected: 'weights whose sum is 1', found: `${Number(sum.toFixed(6))}`, hint }]
  }
  const given = members.map((member) => stakeOf(member).validators)
  const counted = given.reduce<number>((total, count = 0) => total + count, 0)
  const isEach = given.every((count) => count !== undefined)
  if (isEach && parameters.validators !== undefined && counted !== parameters.validators) {
    const expected = `the sum of what the entries give, ${counted}`
    return [{ path: own('validators'), expected, found: `${parameters.validators}` }]
  }
  if (!isEach && counted > validators) {
    const expected = `entries with at most ${validators} in all, as consensus.parameters has it`
    return [{ path, expected, found: `${counted}` }]
  }
  if (validatorCounts(parameters, members).some((count) => count > 0)) return []
  return [{ path, expected: 'at least one validator', found: 'none' }]
}

function ruleProblems(
  { fork, payloads }: BeaconParameters,
  members: readonly Member[],
): ModelProblem[] {
  const { balances, payload } = forkProfile(fork)
  if (payloads !== undefined && payload === undefined) {
    const expected = `nothing: in the fork '${fork}' blocks hold their payloads`
    const hint = 'gloas and heze have the rule'
    return [{ path: own('payloads'), expected, found: 'payloads', hint }]
  }
  if (balances.compoundingMaximumEther !== undefined) return []
  const first = members.find((member) => stakeOf(member).compounding === true)
  if (first === undefined) return []
  const { entry = members.indexOf(first) } = stakeOf(first)
  const expected = `false: the fork '${fork}' has no such rule`
  const hint = 'a fork from electra on has it'
  return [{ path: ['validators', entry, 'stake', 'compounding'], expected, found: 'true', hint }]
}

/** Markets that cannot be, lists without the rule, and censors who have nobody to leave out. */
function censorshipProblems(
  { market, sanctioned, inclusionLists, fork }: BeaconParameters,
  members: readonly Member[],
  accounts: number,
): ModelProblem[] {
  const problems: ModelProblem[] = []
  try {
    if (market !== undefined) marketOf(market)
  } catch (cause) {
    if (!(cause instanceof BeaconOptionsError)) throw cause
    const { path, expected, found } = cause
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    problems.push({ path: own(...steps), expected, found })
  }
  if (inclusionLists === true && forkProfile(fork).inclusionListCommittee === undefined) {
    const expected = `false: the fork '${fork}' has no such rule`
    problems.push({ path: own('inclusionLists'), expected, found: 'true', hint: 'heze has it' })
  }
  for (const [k, account] of (sanctioned ?? []).entries()) {
    if (account < accounts) continue
    const expected = `an account from 0 to ${accounts - 1}`
    problems.push({ path: own('sanctioned', k), expected, found: `${account}` })
  }
  const censor = members.find((member) =>
    ['censoring', 'refusal'].includes(stakeOf(member).behaviour ?? 'honest'),
  )
  if (censor !== undefined && sanctioned === undefined) {
    const { behaviour, entry = members.indexOf(censor) } = stakeOf(censor)
    const expected = 'another one, or accounts in consensus.parameters.sanctioned'
    const path = ['validators', entry, 'stake', 'behaviour']
    problems.push({ path, expected, found: `${behaviour}` })
  }
  return problems
}

function attackProblems(parameters: BeaconParameters, members: readonly Member[]): ModelProblem[] {
  const names = attacksOf(members)
  if (names.length > 1) {
    const found = names.join(' and ')
    return [{ path: ['validators'], expected: 'one attack, by all who attack', found }]
  }
  if (!parameters.assertSafety) return []
  let [ether, hostile] = [0, 0]
  for (const node of nodesOf(parameters, members)) {
    const stake = node.validators * (node.balanceEther ?? 32)
    ether += stake
    if (node.adversary === true) hostile += stake
  }
  if (hostile * 3 <= ether) return []
  const found = `${((100 * hostile) / ether).toFixed(1)} % attack`
  const expected = 'false, or at most a third of the stake slashable'
  return [{ path: own('assertSafety'), expected, found }]
}
