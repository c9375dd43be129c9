import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { createFinality, none } from '@counterpoise/consensus/parts'
import type { NodeId } from '@counterpoise/network'
import { aheadMax, type Core, leaderOf, relay, say, timers, viewOf } from './core.ts'
import {
  certificateBytes,
  type Certificate,
  messageTypes,
  type MinimmitMessage,
  type Proposal,
  type Vote,
  voteBytes,
} from './messages.ts'
import type { Settings } from './parameters.ts'
import {
  countNotarise,
  countNullify,
  enterView,
  giveUp,
  holdFinalisation,
  holdNotarisation,
  holdNullification,
  resume,
  tryPropose,
  tryVote,
} from './views.ts'

/** One member: a voter, or a follower where its weight is 0. */
export function createReplica(
  context: ReplicaContext<MinimmitMessage>,
  settings: Settings,
): Replica<MinimmitMessage> {
  const { finalisation } = messageTypes
  const finality = createFinality({
    context,
    fetchTimeout: settings.fetchTimeout,
    certificateBytes: certificateBytes(finalisation),
    onDecided: (block) => {
      // Told by others: the view of the block is over, and all before it.
      const view = context.blocks.round(block)
      if (view > core.finalView) holdFinalisation(core, viewOf(core, view), block, none)
    },
    onArrival: () => {
      core.requestedFrom = 0
      resume(core)
    },
  })
  const core: Core = {
    context,
    settings,
    finality,
    votes: context.committee.weights[context.self]! > 0,
    view: 1,
    views: new Map(),
    finalView: 0,
    isProposalDue: false,
    requestedFrom: 0,
  }
  return {
    start: () => enterView(core, Math.max(1, core.view)),
    receive: (from, message) => receive(core, from, message),
    expire: (timer) => expire(core, timer),
    recover: () => {
      finality.recover()
      core.requestedFrom = 0
      retry(core)
    },
  }
}

function receive(core: Core, from: NodeId, message: MinimmitMessage): void {
  switch (message.type) {
    case messageTypes.proposal:
      receiveProposal(core, from, message)
      break
    case messageTypes.notarise:
    case messageTypes.nullify:
      receiveVote(core, from, message)
      break
    case messageTypes.notarisation:
    case messageTypes.nullification:
    case messageTypes.finalisation:
      receiveCertificate(core, from, message)
      break
    case messageTypes.request:
      answer(core, from, message.from)
      break
    default:
      core.finality.receive(from, message)
  }
}

function receiveProposal(core: Core, from: NodeId, { block, view }: Proposal): void {
  core.finality.hold(block)
  if (view > core.view + aheadMax || from !== leaderOf(core, view)) return
  const state = viewOf(core, view)
  if (state.proposal === none) state.proposal = block
  if (view === core.view) tryVote(core)
}

function receiveVote(core: Core, from: NodeId, { block, type, view }: Vote): void {
  const isNear = view >= core.finalView && view <= core.view + aheadMax
  if (!isNear || core.finality.electorate.weights[from] === 0) return
  const state = viewOf(core, view)
  if (type === messageTypes.nullify) {
    countNullify(core, from, state)
    return
  }
  // The leader's vote names its proposal as well.
  if (from === leaderOf(core, view) && state.proposal === none) state.proposal = block
  countNotarise(core, from, state, block)
}

function receiveCertificate(core: Core, from: NodeId, { block, type, view }: Certificate): void {
  if (view < core.finalView) return
  const state = viewOf(core, view)
  if (type === messageTypes.notarisation) holdNotarisation(core, state, block, from)
  else if (type === messageTypes.nullification) holdNullification(core, state)
  else holdFinalisation(core, state, block, from)
}

/** Sends the certificates that it holds of the views from one on, the highest first. */
function answer(core: Core, to: NodeId, from: number): void {
  const { context, finalView, finality } = core
  const send = (type: Certificate['type'], view: number, block: number): void =>
    context.send(to, { type, view, block }, certificateBytes(type))
  for (let view = core.view; view > Math.max(from, finalView); view--) {
    const state = core.views.get(view)
    if (state === undefined) continue
    for (const block of state.notarised) send(messageTypes.notarisation, view, block)
    if (state.nullified) send(messageTypes.nullification, view, none)
  }
  if (finalView > from) send(messageTypes.finalisation, finalView, finality.final())
}

function expire(core: Core, timer: number): void {
  if (timer === timers.view) giveUp(core)
  else if (timer === timers.retry) retry(core)
  else if (timer === timers.propose) {
    core.isProposalDue = true
    tryPropose(core)
  } else core.finality.expire(timer)
}

/** The view has lasted too long: says again what others need to leave it or to enter it. */
function retry(core: Core): void {
  const { context, finality, settings, view } = core
  context.setTimer(timers.retry, settings.retry)
  core.requestedFrom = 0
  finality.askForNews()
  if (!core.votes) return
  const { finalisation, notarisation, notarise, nullification } = messageTypes
  const state = viewOf(core, view)
  if (state.ownNotarise !== none) {
    say(core, { type: notarise, view, block: state.ownNotarise }, voteBytes(notarise))
  }
  giveUp(core)
  const before = core.views.get(view - 1)
  if (before === undefined) return
  if (before.finalised !== none) relay(core, finalisation, view - 1, before.finalised)
  else if (before.notarised.length > 0) relay(core, notarisation, view - 1, before.notarised[0]!)
  else if (before.nullified) relay(core, nullification, view - 1, none)
}
