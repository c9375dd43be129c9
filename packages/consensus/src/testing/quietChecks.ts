import { formatDuration, type Time } from '@counterpoise/engine'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { ConformanceError } from './errors.ts'
import { planOf, type Setting } from './setting.ts'
import { contentOf, createTrial, type Entry, membersOf, standings, type Trial } from './trial.ts'

/** The defaults are a complete set of parameters, and a misspelt key is an error. */
export function checkParameters({ model, parameters }: Setting<any, any>): void {
  const defaults = model.parameters.safeParse({})
  if (!defaults.success) {
    throw new ConformanceError(
      `Give every parameter of '${model.name}' a default: {} must be accepted.`,
      defaults.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    )
  }
  const unknown = { ...(parameters as object), 'no-such-parameter': 1 }
  if (model.parameters.safeParse(unknown).success) {
    throw new ConformanceError(`The schema of '${model.name}' accepts unknown keys.`, [
      'Expected: a strict object, which refuses what it does not know.',
    ])
  }
}

/** The same seed gives the same run, whatever ran before it in the process. */
export function checkDeterminism(setting: Setting<any, any>): void {
  // Some microseconds of jitter, so that the seed matters even where latency is constant.
  const { sample, typical } = setting.latency
  const latency = {
    sample: (from: NodeId, to: NodeId, stream: Parameters<typeof sample>[2]) =>
      sample(from, to, stream) + stream.below(64),
    typical,
  }
  const digestOf = (seed: string): string => {
    const trial = createTrial({ ...setting, latency }, { seed })
    trial.runUntil(setting.horizon)
    return `${trial.simulation.digest()} after ${trial.simulation.events()} events`
  }
  const [first, other, again] = [digestOf('one'), digestOf('another'), digestOf('one')]
  if (first !== again) {
    throw new ConformanceError(`Two runs of '${setting.model.name}' with one seed differ.`, [
      `First run:  ${first}`,
      `Second run: ${again}`,
      'Look for state outside of replicas, clocks, and randomness that is no stream.',
    ])
  }
  if (first === other) {
    throw new ConformanceError(`Two seeds give the same run of '${setting.model.name}'.`, [
      `Both: ${first}`,
    ])
  }
}

/** No replica alters a message after it was sent, whether it sent or received it. */
export function checkMessages(setting: Setting<any, any>): void {
  const { progressWithin, horizon } = setting
  // With an outage, so that the ways of catching up are taken as well.
  const outage = { node: 0, from: progressWithin, until: 3 * progressWithin }
  const trial = createTrial(setting, { plan: planOf(setting, [outage]) })
  trial.runUntil(horizon)
  const altered = trial.altered()
  if (altered.length > 0) {
    throw new ConformanceError(`'${setting.model.name}' alters a message that was sent.`, altered)
  }
}

/** Without faults, everybody's chain grows in every span of `progressWithin`. */
export function checkProgress(setting: Setting<any, any>): void {
  const { model, progressWithin, horizon } = setting
  const trial = createTrial(setting)
  const { blocks, head, finalised } = trial.cluster
  let before = membersOf(trial).map((node) => ({ node, head: 0, final: 0 }))
  for (let time = progressWithin; time <= horizon; time += progressWithin) {
    trial.runUntil(time)
    const after = before.map(({ node }) => ({
      node,
      head: blocks.height(head(node)),
      final: blocks.height(finalised(node)),
    }))
    for (const { node, head: height, final } of after) {
      const place = `Member ${node}, between ${span(time - progressWithin, time)}`
      if (height <= before[node]!.head) {
        throw new ConformanceError(`A head of '${model.name}' does not grow.`, [place])
      }
      if (model.finality !== 'probabilistic' && final <= before[node]!.final) {
        throw new ConformanceError(`Nothing of '${model.name}' becomes final.`, [place])
      }
      if (!blocks.isAncestor(finalised(node), head(node))) {
        throw new ConformanceError(`A head of '${model.name}' leaves what is final.`, [place])
      }
    }
    before = after
  }
}

/** Reports come in their order, and about blocks that exist. */
export function checkReports(setting: Setting<any, any>): void {
  const { progressWithin, horizon } = setting
  const quiet = createTrial(setting)
  quiet.runUntil(horizon)
  judgeReports(setting, quiet)
  const outage = { node: 0, from: progressWithin, until: 3 * progressWithin }
  const shaken = createTrial(setting, { plan: planOf(setting, [outage]) })
  shaken.runUntil(horizon)
  judgeReports(setting, shaken)
}

/** Judges the journal of a run, whatever happened in it. */
export function judgeReports({ model }: Setting<any, any>, trial: Trial): void {
  const { blocks } = trial.cluster
  const proposed = new Set<BlockId>([genesis])
  const notarised = new Set<BlockId>()
  const finalised = new Set<BlockId>()
  const finals = membersOf(trial).map(() => genesis)
  const refuse = (what: string, { time, node, word, block }: Entry): never => {
    throw new ConformanceError(`'${model.name}' ${what}.`, [
      `Report: member ${node}, '${word}', block ${block}, at ${formatDuration(time)}`,
    ])
  }
  const requireProposed = (entry: Entry): void => {
    const unproposed: BlockId[] = []
    let block = entry.block
    for (; !proposed.has(block) && block !== genesis; block = blocks.parent(block)) {
      unproposed.push(block)
    }
    if (unproposed.length > 0) refuse('reports a block that nobody has proposed', entry)
  }
  for (const entry of trial.journal) {
    const { node, word, block } = entry
    if (word === 'proposed') {
      proposed.add(block)
      continue
    }
    requireProposed(entry)
    if (word === 'notarised') {
      if (finalised.has(block) && !notarised.has(block)) refuse('notarises what is final', entry)
      notarised.add(block)
    } else if (word === 'finalised') {
      if (model.finality === 'probabilistic') refuse('reports finality that it cannot give', entry)
      if (!blocks.isAncestor(finals[node]!, block)) refuse('takes back what was final', entry)
      finals[node] = block
      finalised.add(block)
    }
  }
}

/** Members without a vote follow, and change nothing for those who have one. */
export function checkFollowers(setting: Setting<any, any>): void {
  const { model, weights, horizon, progressWithin } = setting
  // The same delay on every link, so that one more receiver shifts no draw.
  const delay = setting.latency.typical(0, weights.length > 1 ? 1 : 0)
  const latency = { sample: () => delay, typical: () => delay }
  const voters = weights.flatMap((weight, node) => (weight > 0 ? [node] : []))
  const follower = weights.length
  const alone = createTrial({ ...setting, latency })
  const followed = createTrial({ ...setting, latency, weights: [...weights, 0] })
  alone.runUntil(horizon)
  followed.runUntil(horizon - progressWithin)
  const reached = Math.max(...voters.map(followed.progress))
  followed.runUntil(horizon)

  if (followed.progress(follower) < reached) {
    throw new ConformanceError(`A follower of '${model.name}' stays behind.`, [
      standings(followed),
      `Member ${follower} has no vote; the voters were at ${reached} a while before.`,
    ])
  }
  if (followed.journal.some(({ node, word }) => node === follower && word === 'proposed')) {
    throw new ConformanceError(`A member of weight 0 proposes blocks of '${model.name}'.`)
  }
  for (const voter of voters) {
    const [without, along] = [alone, followed].map((trial) =>
      contentOf(trial, trial.cluster.head(voter)),
    )
    const index = without!.findIndex((block, at) => block !== along![at])
    if (index < 0 && without!.length === along!.length) continue
    throw new ConformanceError(`A follower changes the chain of '${model.name}'.`, [
      `Member ${voter}, height ${(index < 0 ? without!.length : index) + 1}, round/proposer/time:`,
      `Without the follower: ${without![index] ?? 'nothing more'}`,
      `With the follower:    ${along![index] ?? 'nothing'}`,
    ])
  }
}

const span = (from: Time, until: Time): string =>
  `${formatDuration(from)} and ${formatDuration(until)}`
