import { none } from '@counterpoise/consensus/parts'
import {
  createBallots,
  type Evidence,
  quorumAmong,
  type RuleBook,
} from '@counterpoise/consensus/testing'
import type { BlockId, BlockStore } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { messageTypes, type NewView, type PbftMessage, type ViewChange } from './messages.ts'

/** How a primary has begun a view. */
type Begun = Pick<NewView, 'changes'> & { primary: NodeId }
type Vote = { node: NodeId; view: number; height: number; block: BlockId }

/**
 * The rules of PBFT, from what members say alone: one prepare and one commit for a height in a
 * view, none in a view that was given up, commits only for what a quorum has prepared; view changes
 * that name what was prepared, and new views that are bound by it.
 */
export function createRuleBook(weights: readonly number[]): RuleBook {
  const quorum = quorumAmong(weights)
  const voters = weights.flatMap((weight, node) => (weight > 0 ? node : []))
  const prepares = createBallots(weights)
  const commits = createBallots(weights)
  const said = { prepare: [] as Vote[], commit: [] as Vote[], late: [] as Vote[] }
  const newViews = new Map<number, Begun[]>()
  const changes: { change: ViewChange; commits: readonly Vote[] }[] = []
  const wanted = new Map<NodeId, number>()
  /** Proposals are prepares of their primary; their height is read from the block later. */
  const proposed: { node: NodeId; view: number; block: BlockId }[] = []

  const hear = (node: NodeId, message: PbftMessage): void => {
    const { commit, newView, prePrepare, prepare, viewChange } = messageTypes
    if (message.type === prePrepare) {
      const { view, block } = message as { view: number; block: BlockId }
      proposed.push({ node, view, block })
    } else if (message.type === prepare || message.type === commit) {
      const { view, height, block } = message as Omit<Vote, 'node'>
      const vote = { node, view, height, block }
      const ballots = message.type === prepare ? prepares : commits
      if (!ballots.has(`${height}/${view}`, node, block)) {
        said[message.type === prepare ? 'prepare' : 'commit'].push(vote)
      }
      ballots.add(`${height}/${view}`, node, block)
      if (view < (wanted.get(node) ?? 0)) said.late.push(vote)
    } else if (message.type === viewChange) {
      const change = message as ViewChange
      wanted.set(node, Math.max(change.view, wanted.get(node) ?? 0))
      changes.push({ change, commits: said.commit.filter((vote) => vote.node === node) })
    } else if (message.type === newView) {
      const { changes: shown, view } = message as NewView
      // Whoever sends it on, it is the primary's.
      const primary = voters[view % voters.length]!
      newViews.set(view, [...(newViews.get(view) ?? []), { primary, changes: shown }])
    }
  }

  return {
    hear,
    violations: (evidence) => {
      const { blocks, finals, lying } = evidence
      for (const { node, view, block } of proposed) {
        const height = blocks.height(block)
        if (prepares.has(`${height}/${view}`, node, block)) continue
        prepares.add(`${height}/${view}`, node, block)
        said.prepare.push({ node, view, height, block })
      }
      // A new view is its primary's proposal of what it is bound to, said again or not.
      for (const [view, starts] of newViews) {
        for (const { changes: shown, primary } of starts) {
          const { height, bound } = boundBy(shown, blocks)
          if (bound !== undefined) prepares.add(`${height}/${view}`, primary, bound)
        }
      }
      const found = [
        ...prepares.contradictions('prepares', lying),
        ...commits.contradictions('commits', lying),
      ]
      for (const { node, view, height } of said.late) {
        if (!lying.has(node)) found.push(`${height}/${view}: ${node} votes after giving up`)
      }
      for (const { node, view, height, block } of said.commit) {
        if (lying.has(node)) continue
        const place = `${height}/${view}`
        if (!prepares.has(place, node, block)) found.push(`${place}: ${node} commits unprepared`)
        if (prepares.behind(place, block, lying) < quorum) found.push(`${place}: prepares lack`)
      }
      for (const block of finals) {
        if (!commits.isDecided(blocks.height(block), block, quorum, lying)) {
          found.push(`${block} is final with too few commits`)
        }
      }
      for (const { change, commits: earlier } of changes) {
        if (!lying.has(change.from)) found.push(...claimFaults(change, earlier, blocks))
      }
      found.push(...bindingFaults(said.prepare, newViews, evidence))
      return found
    },
  }
}

/** A view change that does not own up to what its sender has committed above the final block. */
function claimFaults(change: ViewChange, commits: readonly Vote[], blocks: BlockStore): string[] {
  const height = blocks.height(change.final) + 1
  const last = commits.filter((vote) => vote.height === height).at(-1)
  if (last === undefined) return []
  const isNamed = change.prepared === last.block && change.preparedView === last.view
  return isNamed ? [] : [`view ${change.view}: ${change.from} hides what it has prepared`]
}

/** Prepares in a new view for another block than the one that its view changes ask for. */
function bindingFaults(
  prepares: readonly Vote[],
  newViews: ReadonlyMap<number, readonly Begun[]>,
  { blocks, lying }: Evidence,
): string[] {
  return prepares.flatMap(({ node, view, height, block }) => {
    if (lying.has(node) || view === 0) return []
    const starts = newViews.get(view) ?? []
    if (starts.length === 0) return [`${height}/${view}: ${node} prepares in no view`]
    const isAllowed = starts.some(({ changes }) => {
      const { height: first, bound = block } = boundBy(changes, blocks)
      return height !== first || bound === block
    })
    return isAllowed ? [] : [`${height}/${view}: ${node} prepares what the view is not bound to`]
  })
}

/** The height that view changes leave open, and the block that was prepared there, if any. */
function boundBy(
  changes: readonly ViewChange[],
  blocks: BlockStore,
): { height: number; bound: BlockId | undefined } {
  const height = Math.max(...changes.map(({ final }) => blocks.height(final))) + 1
  const [highest] = changes
    .filter(({ prepared }) => prepared !== none && blocks.height(prepared) === height)
    .sort((one, other) => other.preparedView - one.preparedView)
  return { height, bound: highest?.prepared }
}
