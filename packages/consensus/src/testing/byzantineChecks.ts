import { ms, type Time } from '@counterpoise/engine'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import fc from 'fast-check'
import {
  both,
  censoringLeader,
  doubleVoter,
  equivocatingLeader,
  type IsOwnWord,
  replayer,
  selectiveSender,
  selfContradictor,
  silent,
  skewedClock,
  slow,
  strayLeader,
  twin,
  voteWithholder,
} from '../behaviours/behaviours.ts'
import type { Behaviour } from '../cluster.ts'
import { ConformanceError } from './errors.ts'
import { admissible, faultPlans, type FaultPlan, healedAt } from './faultPlan.ts'
import { type ConformanceOptions, downMaxOf, toSetting } from './setting.ts'
import type { RuleBook } from './ruleBook.ts'
import { createTrial, standings, type Trial } from './trial.ts'

/** A block so many generations below the right parent, or the first one. */
const ancestorBy =
  (generations: number) =>
  (parent: BlockId, _round: number, blocks: BlockStore): BlockId =>
    blocks.ancestorAt(parent, Math.max(0, blocks.height(parent) - generations))

/** The latest block of an earlier round that anybody has made, certified or not. */
function newestBelow(parent: BlockId, round: number, blocks: BlockStore): BlockId {
  let block = blocks.size() - 1
  while (block > parent && blocks.round(block) >= round) block--
  return block
}

/** What a member does that lies; plain data, which shrinks. */
export type Lie = { kind: keyof typeof lies | 'own'; side: readonly NodeId[]; size: number }

const lies = {
  silent: () => silent(),
  slow: ({ size }: Lie) => slow(ms(size)),
  replayer: ({ size }: Lie) => replayer(1 + (size % 50)),
  skewedClock: ({ size }: Lie) => skewedClock(ms(size - 500)),
  voteWithholder: (_: Lie, isOwnWord: IsOwnWord) => voteWithholder(isOwnWord),
  selectiveSender: ({ side }: Lie) => selectiveSender(side),
  equivocatingLeader: ({ side }: Lie, isOwnWord: IsOwnWord) =>
    equivocatingLeader(isOwnWord, side),
  doubleVoter: (_: Lie, isOwnWord: IsOwnWord) => doubleVoter(isOwnWord),
  twin: ({ side }: Lie) => twin(side),
  selfContradictor: ({ size }: Lie) => selfContradictor((1 + size) / 1_001),
  strayLeader: ({ size }: Lie) =>
    strayLeader(size % 2 === 0 ? ancestorBy(size % 5) : newestBelow),
  censoringLeader: () => censoringLeader('everything'),
} as const

export type ByzantineOptions<parameters, message> = ConformanceOptions<parameters, message> & {
  /** Whether two blocks of one height and round may be certified where a leader lies. */
  certificatesMayCollide?: boolean | undefined
  /** The protocol's own rules, which hear all that is said, among members of these weights. */
  rules?: ((weights: readonly number[]) => RuleBook) | undefined
  /** A lie that only this protocol knows, of a size up to 1,000. */
  ownLie?: ((size: number) => Behaviour) | undefined
  /** Hears which plan `path` leads to, before it is tried. Default: prints it. */
  onReplay?: ((replayed: ReplayedPlan) => void) | undefined
}

/** A member that tells one or two lies all the time. */
type Liar = { node: NodeId; told: readonly Lie[] }
type Case = { liars: readonly Liar[]; plan: FaultPlan; seed: number }

/** A plan as it is tried, as plain data: who lies how, and what breaks when, in µs. */
export type ReplayedPlan = Case & { protocol: string; weights: readonly number[] }

/**
 * Random liars within the fault limit, besides outages, partitions and delays. Checked of those
 * who do not lie: agreement, that only proposed blocks get final, one certificate for a round, the
 * rules of the protocol, and progress once all but the lies is over.
 */
export function checkByzantine<parameters, message>(
  options: ByzantineOptions<parameters, message>,
): void {
  const setting = toSetting(options)
  const { path, progressWithin, runs, seed, weights } = setting
  const voters = weights.flatMap((weight, node) => (weight > 0 ? [node] : []))
  const limit = downMaxOf(setting)
  const isOwnWord = setting.model.isOwnWord ?? (() => false)
  const behaviourOf = (told: Lie): Behaviour =>
    told.kind === 'own' ? options.ownLie!(told.size) : lies[told.kind](told, isOwnWord)
  const lie: fc.Arbitrary<Lie> = fc.record({
    kind: fc.constantFrom(
      ...(Object.keys(lies) as (keyof typeof lies)[]),
      ...(options.ownLie === undefined ? [] : ['own' as const]),
    ),
    side: fc.subarray(voters),
    size: fc.nat(1_000),
  })
  const lieSets = fc.uniqueArray(lie, {
    ...{ minLength: 1, maxLength: 2, size: 'max' },
    selector: ({ kind }) => kind,
  })
  const plansWithin = (window: Time): fc.Arbitrary<FaultPlan> =>
    faultPlans({
      ...{ weights, downMax: limit, window },
      ...{ outageMax: window / 3, splitMax: window / 3, delayMax: window / 6 },
    })
  // As many faults in a third of the time: a cheaper plan, which shows less of what comes after.
  const plans = fc.oneof(plansWithin(progressWithin), plansWithin(3 * progressWithin))
  const cases: fc.Arbitrary<Case> = fc.record({
    liars: fc
      .uniqueArray(fc.record({ node: fc.constantFrom(...voters), told: lieSets }), {
        selector: ({ node }) => node,
        maxLength: limit,
      }),
    plan: plans,
    seed: fc.nat(0xffff),
  })
  const { onReplay = printReplay } = options
  let isToTell = path !== undefined
  fc.assert(
    fc.property(cases, ({ liars, plan, seed: number }) => {
      const lying = liars.map(({ node }) => node)
      // Who lies is one of those that may fail.
      const outages = admissible(
        plan.outages.filter(({ node }) => !lying.includes(node)),
        { weights, downMax: limit - lying.length },
      )
      const behaviours = new Map(
        liars.map(({ node, told }): [NodeId, Behaviour] => [
          node,
          told.map(behaviourOf).reduce(both),
        ]),
      )
      const kept = { ...plan, outages }
      // The first is what the path leads to; what follows are smaller ones, should it fail.
      if (isToTell) {
        isToTell = false
        onReplay({ protocol: setting.model.name, weights, liars, plan: kept, seed: number })
      }
      // That nobody alters messages is looked at in one plan of four: it takes its time.
      const rules = options.rules?.(weights)
      const trial = createTrial(setting, {
        ...{ rules, plan: kept, seed: `lies-${number}`, behaviours },
        watched: number % 4 === 0,
      })
      judge({ options, trial, rules, lying: new Set(lying) }, kept, setting.recoverWithin)
    }),
    {
      ...{ seed, includeErrorInReport: true },
      // A path is a single plan, not where to go on from.
      ...(path === undefined ? { numRuns: runs } : { numRuns: 1, path }),
    },
  )
}

const printReplay = ({ protocol, plan, ...rest }: ReplayedPlan): void => {
  const lines = Object.entries({ ...rest, ...plan }).map(
    ([name, data]) => `  ${name}: ${JSON.stringify(data)}`,
  )
  console.log([`The plan of '${protocol}', its times in µs:`, ...lines].join('\n'))
}

type Judged = {
  options: ByzantineOptions<any, any>
  trial: Trial
  rules: RuleBook | undefined
  lying: ReadonlySet<NodeId>
}

function judge(judged: Judged, plan: FaultPlan, recoverWithin: number): void {
  const { options, trial, rules, lying } = judged
  const { name } = options.model
  const honest = trial.cluster.members.flatMap((_, node) => (lying.has(node) ? [] : node))
  const healed = healedAt(plan)
  trial.runUntil(healed)
  const best = Math.max(...honest.map(trial.progress))
  const isLate = (node: NodeId): boolean => trial.progress(node) <= best
  trial.runWhileNot(() => !honest.some(isLate), healed + recoverWithin)
  const told = `Liars: ${[...lying].join()}`
  const fault = faultOf(options, trial, lying)
  if (fault !== undefined) throw new ConformanceError(`'${name}' under liars: ${fault}.`, [told])
  const { blocks } = trial.cluster
  const broken = rules?.violations({ blocks, lying, finals: finalsOf(trial, lying) }) ?? []
  if (broken.length > 0) {
    throw new ConformanceError(`'${name}' under liars breaks its rules.`, [told, ...broken])
  }
  const late = honest.filter(isLate)
  if (late.length > 0) {
    throw new ConformanceError(`'${name}' does not recover in time while members lie.`, [
      `${told}; the best was at height ${best}; late: ${late.join()}`,
      standings(trial),
    ])
  }
}

/** The blocks that those who do not lie have reported as final, each once. */
function finalsOf({ journal }: Trial, lying: ReadonlySet<NodeId>): BlockId[] {
  const reports = journal.filter(({ node, word }) => word === 'finalised' && !lying.has(node))
  return [...new Set(reports.map(({ block }) => block))]
}

/** What is wrong with what the honest members have reported, or `undefined`. */
export function faultOf(
  { certificatesMayCollide = false }: Pick<ByzantineOptions<any, any>, 'certificatesMayCollide'>,
  trial: Pick<Trial, 'cluster' | 'journal'>,
  lying: ReadonlySet<NodeId>,
): string | undefined {
  const { blocks } = trial.cluster
  const finals: BlockId[] = [0]
  const certified = new Map<string, BlockId>()
  for (const { node, word, block } of trial.journal) {
    if (lying.has(node)) continue
    if (word === 'finalised') {
      // One chain holds all that is final for anybody.
      const top = finals.at(-1)!
      if (blocks.isAncestor(top, block)) finals.push(block)
      else if (!blocks.isAncestor(block, top)) return `blocks ${top} and ${block} are both final`
      if (blocks.proposer(block) < 0) return `block ${block} is final, nobody has proposed it`
    } else if (word === 'notarised' && !certificatesMayCollide) {
      const place = `${blocks.height(block)}/${blocks.round(block)}`
      const other = certified.get(place) ?? block
      if (other !== block) return `blocks ${other} and ${block} of one round are certified`
      certified.set(place, block)
    }
  }
  return undefined
}
