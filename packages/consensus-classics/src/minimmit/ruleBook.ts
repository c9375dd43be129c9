import { createBallots, type RuleBook } from '@counterpoise/consensus/testing'
import type { NodeId } from '@counterpoise/network'
import { messageTypes, type MinimmitMessage } from './messages.ts'

/**
 * The rules of Minimmit, from what members say alone: one vote a view, none after giving it up;
 * giving up what one has voted for takes proof that it cannot be final; certificates have their
 * votes, and blocks skip only views that were given up.
 */
export function createRuleBook(weights: readonly number[]): RuleBook {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const faulty = Math.floor((total - 1) / 5)
  const [minor, major] = [2 * faulty + 1, total - faulty]
  const { finalisation, notarisation, notarise, nullification, nullify } = messageTypes
  const votes = createBallots(weights)
  const givenUp = createBallots(weights)
  const certificates: { type: number; view: number; block: number }[] = []
  /** What was known to be against a block when a member gave up the view that it had voted in. */
  const turns: { node: NodeId; view: number; against: ReadonlySet<NodeId> }[] = []
  const late: { node: NodeId; view: number }[] = []

  const hear = (from: NodeId, message: MinimmitMessage): void => {
    if (message.type === notarise) {
      const { block, view } = message
      if (givenUp.has(view, from) && !votes.has(view, from)) late.push({ node: from, view })
      votes.add(view, from, block)
    } else if (message.type === nullify) {
      const { view } = message
      if (votes.has(view, from) && !givenUp.has(view, from)) {
        const against = new Set(
          weights.flatMap((_, node) =>
            givenUp.has(view, node) || disagrees(view, node, from) ? node : [],
          ),
        )
        turns.push({ node: from, view, against })
      }
      givenUp.add(view, from, 0)
    } else if (message.type >= notarisation && message.type <= finalisation) {
      certificates.push(message as { type: number; view: number; block: number })
    }
  }

  /** Whether two members have voted for different blocks. */
  const disagrees = (view: number, node: NodeId, other: NodeId): boolean =>
    votes.has(view, node) && !votes.has(view, node, votes.first(view, other)!)

  return {
    hear,
    violations: ({ blocks, finals, lying }) => {
      const found = votes.contradictions('votes for', lying)
      for (const { node, view } of late) {
        if (!lying.has(node)) found.push(`${view}: ${node} votes after giving up`)
      }
      for (const { node, view, against } of turns) {
        const weight = new Set([...against, ...lying]).size
        if (!lying.has(node) && weight < minor) found.push(`${view}: ${node} gives up its block`)
      }
      for (const { type, view, block } of certificates) {
        const weight =
          type === nullification
            ? givenUp.behind(view, 0, lying)
            : votes.behind(view, block, lying)
        if (weight < (type === finalisation ? major : minor)) {
          found.push(`${view}: a certificate of type ${type} with ${weight} votes`)
        }
      }
      for (const block of finals) {
        if (votes.behind(blocks.round(block), block, lying) < major) {
          found.push(`${block} is final with too few votes`)
        }
      }
      for (const [place, node, block] of votes.all()) {
        if (lying.has(node)) continue
        for (let view = blocks.round(blocks.parent(block)) + 1; view < Number(place); view++) {
          if (givenUp.behind(view, 0, lying) < minor) found.push(`${place}: ${view} is skipped`)
        }
      }
      return found
    },
  }
}
