import type { RuleBook } from '@counterpoise/consensus/testing'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { baseView, ceremonyOutcomeOf, epochOfView, viewWithin } from './epochs.ts'
import { messageTypes, type SimplexMessage } from './messages.ts'

/** The rules of Simplex for a search with liars. */
export const ruleBookOf =
  (termViews = 1, isOptimistic = false) =>
  (weights: readonly number[]): RuleBook => {
    const { hear, violations } = createWitness(weights, termViews, isOptimistic)
    return { hear, violations: ({ blocks, lying }) => violations(blocks, lying) }
  }

/** Everything that was said in one view, by all members together. */
type ViewRecord = {
  notarise: Map<NodeId, Set<BlockId>>
  nullify: Set<NodeId>
  finalise: Map<NodeId, Set<BlockId>>
  notarised: Set<BlockId>
  nullified: boolean
  finalised: Set<BlockId>
}

/** Hears what every member says, and knows the rules. */
export type Witness = {
  hear: (from: NodeId, message: SimplexMessage) => void
  /** Messages so far, by type; a broadcast counts once. */
  counts: () => readonly number[]
  views: () => ReadonlyMap<number, ViewRecord>
  /**
   * Violations of S1 to S4 and S6 by members other than the faulty ones, in words. Who votes in an
   * epoch is read from the last block of the epoch before.
   */
  violations: (blocks: BlockStore, faulty?: ReadonlySet<NodeId>) => string[]
  /** Blocks of views in which nobody voted to nullify (L4). */
  undisputed: () => BlockId[]
}

/**
 * @param termViews views in a row that one leader leads.
 * @param isOptimistic whether votes are cast before the parent is notarised; the ancestors of what
 * is finalised are looked at then, and not those of all that is notarised.
 */
export function createWitness(
  weights: readonly number[],
  termViews = 1,
  isOptimistic = false,
): Witness {
  const counts = Array.from({ length: 13 }, () => 0)
  const views = new Map<number, ViewRecord>()

  const recordOf = (view: number): ViewRecord => {
    const known = views.get(view)
    if (known !== undefined) return known
    const record: ViewRecord = {
      notarise: new Map(),
      nullify: new Set(),
      finalise: new Map(),
      notarised: new Set(),
      nullified: false,
      finalised: new Set(),
    }
    views.set(view, record)
    return record
  }

  const hear = (from: NodeId, message: SimplexMessage): void => {
    const { type } = message
    counts[type]!++
    if (type === messageTypes.certificates) {
      for (const certificate of message.certificates) note(from, certificate)
    } else note(from, message)
  }

  const note = (from: NodeId, message: SimplexMessage): void => {
    if (message.type === messageTypes.notarise) {
      addTo(recordOf(message.view).notarise, from, message.block)
    } else if (message.type === messageTypes.finalise) {
      addTo(recordOf(message.view).finalise, from, message.block)
    } else if (message.type === messageTypes.nullify) recordOf(message.view).nullify.add(from)
    else if (message.type === messageTypes.notarisation) {
      recordOf(message.view).notarised.add(message.block)
    } else if (message.type === messageTypes.nullification) recordOf(message.view).nullified = true
    else if (message.type === messageTypes.finalisation) {
      recordOf(message.view).finalised.add(message.block)
    }
  }

  /** Members behind a certificate weigh a quorum, worked out apart from the model's own rule. */
  const coverage =
    (voting: readonly number[]) =>
    (signers: Iterable<NodeId>): boolean => {
      const total = voting.reduce((sum, weight) => sum + weight, 0)
      let weight = 0
      for (const signer of signers) weight += voting[signer] ?? 0
      return weight >= total - Math.floor((total - 1) / 3)
    }

  return {
    hear,
    counts: () => counts,
    views: () => views,
    violations: (blocks, faulty = new Set()) => {
      const found: string[] = []
      const committees = [weights]
      for (const { finalised } of views.values()) {
        for (const block of finalised) {
          const outcome = ceremonyOutcomeOf(blocks, block)
          if (outcome !== undefined) committees[outcome.epoch + 1] = outcome.weights
        }
      }
      for (const [view, record] of views) {
        const isCovered = coverage(committees[epochOfView(view)]!)
        for (const fault of certificateFaults(record, isCovered, faulty)) {
          found.push(`${view}: ${fault}`)
        }
        for (const fault of voteFaults(record, faulty)) found.push(`${view}: ${fault}`)
        const certified = isOptimistic ? record.finalised : record.notarised
        for (const fault of ancestryFaults(certified, view, { views, blocks, termViews })) {
          found.push(`${view}: ${fault}`)
        }
        for (const fault of termFaults(record, view, { views, termViews }, faulty)) {
          found.push(`${view}: ${fault}`)
        }
      }
      return found
    },
    undisputed: () =>
      [...views.values()]
        .filter(({ nullify, notarised }) => nullify.size === 0 && notarised.size > 0)
        .flatMap(({ notarised }) => [...notarised]),
  }
}

function addTo(votes: Map<NodeId, Set<BlockId>>, from: NodeId, block: BlockId): void {
  const earlier = votes.get(from)
  if (earlier === undefined) votes.set(from, new Set([block]))
  else earlier.add(block)
}

/** S1, S2, S3, and no certificate without a quorum of votes. */
function certificateFaults(
  record: ViewRecord,
  isCovered: (signers: Iterable<NodeId>) => boolean,
  faulty: ReadonlySet<NodeId>,
): string[] {
  const { notarise, nullify, finalise, notarised, nullified, finalised } = record
  const found: string[] = []
  // Who is faulty may have signed what it has said to nobody.
  const signersOf = (votes: Map<NodeId, Set<BlockId>>, block: BlockId): Set<NodeId> =>
    new Set([...faulty, ...[...votes].flatMap(([node, signed]) => (signed.has(block) ? node : []))])
  if (notarised.size > 1) found.push('S1 two notarised blocks')
  if (nullified && finalised.size > 0) found.push('S2 nullified and finalised')
  if (nullified && !isCovered(new Set([...faulty, ...nullify]))) {
    found.push('nullification without a quorum')
  }
  for (const block of notarised) {
    if (!isCovered(signersOf(notarise, block))) found.push('notarisation without a quorum')
  }
  for (const block of finalised) {
    if (!isCovered(signersOf(finalise, block))) found.push('finalisation without a quorum')
    if (!isCovered(signersOf(notarise, block))) found.push('S3 finalised, not notarised')
  }
  return found
}

/** S6: one notarise payload in a view, and never both nullify and finalise. */
function voteFaults(record: ViewRecord, faulty: ReadonlySet<NodeId>): string[] {
  const { notarise, nullify, finalise } = record
  const found: string[] = []
  for (const [node, signed] of notarise) {
    if (signed.size > 1 && !faulty.has(node)) found.push(`S6 ${node} notarised two blocks`)
  }
  for (const [node, signed] of finalise) {
    if (faulty.has(node)) continue
    if (signed.size > 1) found.push(`S6 ${node} finalised two blocks`)
    if (nullify.has(node)) found.push(`S6 ${node} nullified and finalised`)
  }
  return found
}

/**
 * S4: the parent of a notarised block is notarised, and the views between are nullified. The first
 * block of an epoch stands on the last one of the epoch before, which is final; the last block may
 * be notarised again in later views.
 */
function ancestryFaults(
  certified: ReadonlySet<BlockId>,
  view: number,
  { blocks, termViews, views }: Heard & { blocks: BlockStore },
): string[] {
  const found: string[] = []
  const isNotarisedIn = (below: number, block: BlockId): boolean => {
    const known = views.get(below)
    return known !== undefined && (known.notarised.has(block) || known.finalised.has(block))
  }
  for (const block of certified) {
    const isAgain = blocks.round(block) !== view
    const parent = isAgain ? block : blocks.parent(block)
    let parentView = blocks.round(parent)
    if (isAgain) {
      if (ceremonyOutcomeOf(blocks, block) === undefined) found.push('S4 proposed again')
      for (parentView = view - 1; parentView > blocks.round(block); parentView--) {
        if (isNotarisedIn(parentView, block)) break
      }
    }
    if (epochOfView(parentView) < epochOfView(view)) {
      const isEnd = ceremonyOutcomeOf(blocks, parent) !== undefined
      const isFinal = [...views.values()].some(({ finalised }) => finalised.has(parent))
      if (!isEnd || !isFinal) found.push('S4 the epoch stands on nothing')
      parentView = baseView(epochOfView(view))
    } else if (parent !== genesis && !isNotarisedIn(parentView, parent)) {
      found.push('S4 the parent is not notarised')
    }
    for (let skipped = parentView + 1; skipped < view; skipped++) {
      const first = firstOfTerm(skipped, termViews)
      let isCovered = false
      for (let from = first; from <= skipped; from++) {
        if (views.get(from)?.nullified === true) isCovered = true
      }
      if (!isCovered) found.push(`S4 ${skipped} is not nullified`)
    }
  }
  return found
}

/** S8: nothing is final after a view of its term that is given up, by quorum or by one member. */
function termFaults(
  record: ViewRecord,
  view: number,
  { termViews, views }: Heard,
  faulty: ReadonlySet<NodeId>,
): string[] {
  const found: string[] = []
  for (let before = firstOfTerm(view, termViews); before < view; before++) {
    const earlier = views.get(before)
    if (earlier === undefined) continue
    if (record.finalised.size > 0 && earlier.nullified) found.push(`S8 ${before} is nullified`)
    for (const node of record.finalise.keys()) {
      if (!faulty.has(node) && earlier.nullify.has(node)) found.push(`S8 ${node} gave it up`)
    }
  }
  return found
}

type Heard = { views: ReadonlyMap<number, ViewRecord>; termViews: number }

function firstOfTerm(view: number, termViews: number): number {
  return view - ((viewWithin(view) - 1) % termViews)
}
