import { ms } from '@counterpoise/engine'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import fc from 'fast-check'
import {
  censoringLeader,
  doubleVoter,
  equivocatingLeader,
  type IsOwnWord,
  replayer,
  selectiveSender,
  silent,
  skewedClock,
  slow,
  twin,
  voteWithholder,
} from '../behaviours/behaviours.ts'
import type { Behaviour } from '../cluster.ts'
import { ConformanceError } from './errors.ts'
import { admissible, faultPlans, type FaultPlan, healedAt } from './faultPlan.ts'
import { type ConformanceOptions, downMaxOf, toSetting } from './setting.ts'
import { createTrial, standings, type Trial } from './trial.ts'

/** What a member does that lies; plain data, which shrinks. */
export type Lie = { kind: keyof typeof lies; side: readonly NodeId[]; size: number }

const lies = {
  silent: () => silent(),
  slow: ({ size }: Lie) => slow(ms(size)),
  replayer: ({ size }: Lie) => replayer(1 + (size % 50)),
  skewedClock: ({ size }: Lie) => skewedClock(ms(size - 500)),
  voteWithholder: (_: Lie, isOwnWord: IsOwnWord) => voteWithholder(isOwnWord),
  selectiveSender: ({ side }: Lie) => selectiveSender(side),
  equivocatingLeader: (_: Lie, isOwnWord: IsOwnWord) => equivocatingLeader(isOwnWord),
  doubleVoter: (_: Lie, isOwnWord: IsOwnWord) => doubleVoter(isOwnWord),
  twin: ({ side }: Lie) => twin(side),
  censoringLeader: () => censoringLeader('everything'),
} as const

export type ByzantineOptions<parameters, message> = ConformanceOptions<parameters, message> & {
  /** Whether two blocks of one height and round may be certified where a leader lies. */
  certificatesMayCollide?: boolean | undefined
}

type Case = { liars: readonly { node: NodeId; lie: Lie }[]; plan: FaultPlan; seed: number }

/**
 * Random liars within the fault limit, besides outages, partitions and delays. Checked of those
 * who do not lie: agreement, that only proposed blocks get final, one certificate for a round, and
 * progress once all but the lies is over.
 */
export function checkByzantine<parameters, message>(
  options: ByzantineOptions<parameters, message>,
): void {
  const setting = toSetting(options)
  const { path, progressWithin, runs, seed, weights } = setting
  const voters = weights.flatMap((weight, node) => (weight > 0 ? [node] : []))
  const limit = downMaxOf(setting)
  const isOwnWord = setting.model.isOwnWord ?? (() => false)
  const lie: fc.Arbitrary<Lie> = fc.record({
    kind: fc.constantFrom(...(Object.keys(lies) as (keyof typeof lies)[])),
    side: fc.subarray(voters),
    size: fc.nat(1_000),
  })
  const plans = faultPlans({
    ...{ weights, downMax: limit, window: 3 * progressWithin },
    ...{ outageMax: progressWithin, splitMax: progressWithin, delayMax: progressWithin / 2 },
  })
  const cases: fc.Arbitrary<Case> = fc.record({
    liars: fc
      .uniqueArray(fc.record({ node: fc.constantFrom(...voters), lie }), {
        selector: ({ node }) => node,
        maxLength: limit,
      }),
    plan: plans,
    seed: fc.nat(0xffff),
  })
  fc.assert(
    fc.property(cases, ({ liars, plan, seed: number }) => {
      const lying = liars.map(({ node }) => node)
      // Who lies is one of those that may fail.
      const outages = admissible(
        plan.outages.filter(({ node }) => !lying.includes(node)),
        { weights, downMax: limit - lying.length },
      )
      const behaviours = new Map(
        liars.map(({ node, lie: told }): [NodeId, Behaviour] => [
          node,
          lies[told.kind](told, isOwnWord),
        ]),
      )
      const kept = { ...plan, outages }
      // That nobody alters messages is looked at in one plan of four: it takes its time.
      const trial = createTrial(setting, {
        ...{ plan: kept, seed: `lies-${number}`, behaviours },
        watched: number % 4 === 0,
      })
      judge(options, trial, kept, new Set(lying), setting.recoverWithin)
    }),
    { numRuns: runs, seed, includeErrorInReport: true, ...(path === undefined ? {} : { path }) },
  )
}

function judge(
  options: ByzantineOptions<any, any>,
  trial: Trial,
  plan: FaultPlan,
  lying: ReadonlySet<NodeId>,
  recoverWithin: number,
): void {
  const { name } = options.model
  const honest = trial.cluster.members.flatMap((_, node) => (lying.has(node) ? [] : node))
  const healed = healedAt(plan)
  trial.runUntil(healed)
  const best = Math.max(...honest.map(trial.progress))
  const isLate = (node: NodeId): boolean => trial.progress(node) <= best
  trial.runWhileNot(() => !honest.some(isLate), healed + recoverWithin)
  const fault = faultOf(options, trial, lying)
  if (fault !== undefined) {
    throw new ConformanceError(`'${name}' under liars: ${fault}.`, [`Liars: ${[...lying].join()}`])
  }
  const late = honest.filter(isLate)
  if (late.length > 0) {
    throw new ConformanceError(`'${name}' does not recover in time while members lie.`, [
      `Liars: ${[...lying].join()}; the best was at height ${best}; late: ${late.join()}`,
      standings(trial),
    ])
  }
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
