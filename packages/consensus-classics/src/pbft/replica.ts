import type { Replica, ReplicaContext } from '@counterpoise/consensus'
import { createFinality, none, quorumOf } from '@counterpoise/consensus/parts'
import type { NodeId } from '@counterpoise/network'
import { type Core, forgetSlots, primaryOf, timers } from './core.ts'
import { certificateBytes, messageTypes, type PbftMessage } from './messages.ts'
import {
  receivePrePrepare,
  receiveVote,
  startHeight,
  tryCommit,
  tryPrepare,
  tryPropose,
} from './normalCase.ts'
import type { Settings } from './parameters.ts'
import { askForView, quorumSize, receiveNewView, receiveViewChange } from './viewChange.ts'

/** One member: a voter, or a follower where its weight is 0. */
export function createReplica(
  context: ReplicaContext<PbftMessage>,
  settings: Settings,
): Replica<PbftMessage> {
  const { committee, self } = context
  const finality = createFinality({
    context,
    fetchTimeout: settings.fetchTimeout,
    certificateBytes: certificateBytes(quorumOf(committee.voters.length)),
    onDecided: () => decided(core),
    onArrival: () => resume(core),
  })
  const core: Core = {
    context,
    settings,
    finality,
    votes: committee.weights[self]! > 0,
    view: 0,
    wanted: 0,
    failures: 0,
    slots: [],
    changes: Array.from({ length: committee.size }),
    newView: undefined,
    prepared: none,
    preparedView: none,
    isProposalDue: false,
  }
  return {
    start: () => startHeight(core),
    receive: (from, message) => receive(core, from, message),
    expire: (timer) => expire(core, timer),
    recover: () => {
      finality.recover()
      // What was said meanwhile is lost: the view goes on without this member, or not at all.
      if (core.wanted > core.view) askForView(core, core.wanted)
      else startHeight(core)
    },
  }
}

function receive(core: Core, from: NodeId, message: PbftMessage): void {
  switch (message.type) {
    case messageTypes.prePrepare:
      receivePrePrepare(core, from, message)
      break
    case messageTypes.prepare:
    case messageTypes.commit:
      receiveVote(core, from, message)
      break
    case messageTypes.viewChange:
      receiveViewChange(core, from, message)
      break
    case messageTypes.newView:
      receiveNewView(core, from, message)
      break
    default:
      core.finality.receive(from, message)
  }
}

function expire(core: Core, timer: number): void {
  if (timer === timers.propose) tryPropose(core)
  else if (timer === timers.nudge) core.finality.askForNews()
  else if (timer === timers.progress) giveUp(core)
  else core.finality.expire(timer)
}

/** No decision in time, or no new view: the next one is asked for, or this one once more. */
function giveUp(core: Core): void {
  const { changes, finality, view, wanted } = core
  finality.askForNews()
  if (wanted === view) {
    askForView(core, view + 1)
    return
  }
  // Who wants a later view has given this one up as well.
  const wanting = changes.filter((change) => (change?.view ?? 0) >= wanted).length
  askForView(core, wanting >= quorumSize(core) ? wanted + 1 : wanted)
}

/** A height is over. What was prepared for it is of no more use. */
function decided(core: Core): void {
  core.prepared = none
  core.preparedView = none
  core.failures = Math.max(0, core.wanted - core.view)
  forgetSlots(core)
  startHeight(core)
}

/** Takes up what has waited for a block. */
function resume(core: Core): void {
  if (core.isProposalDue && primaryOf(core, core.view) === core.context.self) tryPropose(core)
  tryPrepare(core)
  tryCommit(core)
}
