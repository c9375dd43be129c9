import { hasHonest, isQuorum, none, quorumOf } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { type Core, forgetSlots, heightOf, primaryOf, send, slotOf, timers } from './core.ts'
import {
  messageTypes,
  type NewView,
  newViewBytes,
  type ViewChange,
  viewChangeBytes,
} from './messages.ts'
import { acceptProposal, propose, startHeight } from './normalCase.ts'

/** Gives the current view up and asks for another one, or asks for the same once more. */
export function askForView(core: Core, view: number): void {
  const { context, finality, settings } = core
  if (!core.votes) return
  if (view > core.wanted) {
    core.wanted = view
    core.failures++
  }
  context.clearTimer(timers.propose)
  context.clearTimer(timers.nudge)
  context.setTimer(timers.progress, settings.viewTimeout(core.failures - 1))
  const change: ViewChange = {
    type: messageTypes.viewChange,
    view,
    from: context.self,
    final: finality.final(),
    prepared: core.prepared,
    preparedView: core.preparedView,
  }
  core.changes[context.self] = change
  send(core, change, viewChangeBytes(quorumSize(core)))
  considerChanges(core)
}

/** The signatures of a certificate: those of a quorum of members of equal weight. */
export const quorumSize = (core: Core): number =>
  quorumOf(core.finality.electorate.voters.length)

export function receiveViewChange(core: Core, from: NodeId, change: ViewChange): void {
  const { context, finality } = core
  const { blocks } = context
  if (finality.electorate.weights[from] === 0) return
  finality.decide(change.final, from)
  // Who is behind is told what it has missed.
  if (blocks.height(change.final) < blocks.height(finality.final())) finality.tell(from)
  if (change.view <= core.view) {
    const { newView } = core
    if (newView !== undefined && core.wanted === core.view) {
      context.send(from, newView, newViewBytes(quorumSize(core)))
    }
    return
  }
  if ((core.changes[from]?.view ?? 0) < change.view) core.changes[from] = change
  considerChanges(core)
}

/** The weight of those who want a view of at least this number, or just this one. */
function weightFor(core: Core, matches: (view: number) => boolean): number {
  const { weights } = core.finality.electorate
  let weight = 0
  core.changes.forEach((change, member) => {
    if (change !== undefined && matches(change.view)) weight += weights[member]!
  })
  return weight
}

function considerChanges(core: Core): void {
  const { electorate } = core.finality
  // Some honest member wants to leave: so does this one, for the lowest view that is wanted.
  if (hasHonest(electorate, weightFor(core, (view) => view > core.wanted))) {
    const above = core.changes.flatMap((each) => (each && each.view > core.wanted ? each.view : []))
    askForView(core, Math.min(...above))
    return
  }
  const { wanted } = core
  if (wanted <= core.view || primaryOf(core, wanted) !== core.context.self) return
  if (!isQuorum(electorate, weightFor(core, (view) => view === wanted))) return
  const changes = core.changes.flatMap((each) => (each?.view === wanted ? each : []))
  const newView: NewView = { type: messageTypes.newView, view: wanted, changes }
  send(core, newView, newViewBytes(quorumSize(core)))
  enterView(core, newView, core.context.self)
}

export function receiveNewView(core: Core, from: NodeId, newView: NewView): void {
  const { electorate } = core.finality
  if (newView.view <= core.view || newView.view < core.wanted) return
  const signers = new Set(newView.changes.map((change) => change.from))
  let weight = 0
  for (const signer of signers) weight += electorate.weights[signer]!
  const isComplete = newView.changes.every(({ view }) => view === newView.view)
  if (isComplete && isQuorum(electorate, weight)) enterView(core, newView, from)
}

/**
 * What a quorum's view changes bind the new primary to: the highest final block among them, and
 * the block above it that was prepared in the highest view, or `none` where it is free.
 */
export function boundTo(
  core: Pick<Core, 'context'>,
  { changes }: NewView,
): { final: BlockId; block: BlockId } {
  const { blocks } = core.context
  let final = changes[0]!.final
  for (const change of changes) {
    if (blocks.height(change.final) > blocks.height(final)) final = change.final
  }
  let block: BlockId = none
  let preparedView = -1
  for (const change of changes) {
    const { prepared } = change
    if (prepared === none || change.preparedView <= preparedView) continue
    if (blocks.height(prepared) !== blocks.height(final) + 1) continue
    preparedView = change.preparedView
    block = prepared
  }
  return { final, block }
}

function enterView(core: Core, newView: NewView, from: NodeId): void {
  const { context, finality } = core
  const { final, block } = boundTo(core, newView)
  core.view = newView.view
  core.wanted = newView.view
  core.newView = newView
  // Whatever the primary may have proposed before it was known what binds it: the height that is
  // open begins with the next line, and nobody is to vote for anything else.
  if (block !== none) slotOf(core, core.view, context.blocks.height(block)).proposal = block
  finality.decide(final, from)
  forgetSlots(core)
  startHeight(core)
  if (block !== none && context.blocks.height(block) === heightOf(core)) {
    const slot = slotOf(core, core.view, heightOf(core))
    if (primaryOf(core, core.view) === context.self) propose(core, block)
    else acceptProposal(core, slot, block, primaryOf(core, core.view))
  }
}
