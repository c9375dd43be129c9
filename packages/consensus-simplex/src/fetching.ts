import { none } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Core } from './core.ts'
import { epochOfView, viewWithin } from './epochs.ts'
import {
  bundleBytes,
  type BlockRequest,
  type Certificate,
  type CertificateRequest,
  framingBytes,
  messageTypes,
  requestBytes,
} from './messages.ts'
import { knownView } from './viewWindow.ts'
import { timers } from './timers.ts'

/** How many blocks answer one request at most. An assumption. */
const blocksPerAnswer = 32

/** Asks for a block, and its ancestors with it, unless that is under way. */
export function requestBlock(core: Core, block: BlockId): void {
  const { context: { blocks }, fetching } = core
  if (fetching.blocks.includes(block)) return
  // What has been asked for with an ancestor of it is on its way.
  let above = blocks.height(core.reportedFinal)
  for (const other of fetching.blocks) {
    if (blocks.isAncestor(other, block)) above = Math.max(above, blocks.height(other))
  }
  fetching.blocks.push(block)
  const request = { type: messageTypes.blockRequest, block, above }
  ask(core, fetching.informant, request)
}

/** Asks for the certificates of views `from` … `until` − 1, unless they are under way. */
export function requestCertificates(
  core: Core,
  from: number,
  until: number,
  preferred: NodeId,
): void {
  const { fetching } = core
  if (fetching.certificatesBelow === until) return
  fetching.certificatesBelow = until
  const request = { type: messageTypes.certificateRequest, from, until }
  ask(core, preferred, request)
}

/** Somebody speaks of a later epoch: asks it how this one has ended. */
export function requestEnd(core: Core, from: NodeId): void {
  requestCertificates(core, core.finalisedView, Number.MAX_SAFE_INTEGER, from)
}

/** Asks a random voter for all that has happened since the last finalised view. */
export function requestNews(core: Core): void {
  core.fetching.certificatesBelow = 0
  requestCertificates(core, core.finalisedView, Number.MAX_SAFE_INTEGER, none)
}

/** The timer has run out: what is still missing may be asked for again. */
export function forgetRequests(core: Core): void {
  const { fetching } = core
  fetching.isTimerSet = false
  fetching.blocks.length = 0
  fetching.certificatesBelow = 0
}

/** A block has come in. True where it was asked for. */
export function noteArrival(core: Core, block: BlockId): boolean {
  const { blocks } = core.fetching
  const index = blocks.indexOf(block)
  if (index >= 0) blocks.splice(index, 1)
  return index >= 0
}

/** Sends the block and what it holds of its ancestors above the height, oldest first. */
export function answerBlockRequest(core: Core, from: NodeId, request: BlockRequest): void {
  const { chain, context } = core
  const { blocks } = context
  const answer: BlockId[] = []
  let block = request.block
  while (
    chain.isHeld(block) &&
    blocks.height(block) > request.above &&
    answer.length < blocksPerAnswer
  ) {
    answer.push(block)
    block = blocks.parent(block)
  }
  for (const found of answer.reverse()) {
    const message = { type: messageTypes.block, view: blocks.round(found), block: found }
    context.send(from, message, blocks.bytes(found) + framingBytes)
  }
}

/**
 * Sends the certificates that it holds of these views, and its finalisation where it is higher; of
 * an epoch that is over, the finalisation of its last block.
 */
export function answerCertificateRequest(
  core: Core,
  from: NodeId,
  request: CertificateRequest,
): void {
  const { context, finalisedView, finalisedBlock, view: current, window } = core
  const { notarisation, nullification, finalisation } = messageTypes
  const certificates: Certificate[] = []
  const end = core.ends[epochOfView(request.from)]
  if (end !== undefined) {
    certificates.push({ type: finalisation, ...end })
    context.send(from, { type: messageTypes.certificates, certificates }, bundleBytes(certificates))
    return
  }
  const lowest = Math.max(request.from, finalisedView + 1)
  for (let view = Math.min(request.until, current + 1) - 1; view >= lowest; view--) {
    const state = knownView(window, view)
    if (state === undefined) continue
    const notarised = state.notarised === none ? state.uncertified : state.notarised
    if (notarised !== none) certificates.push({ type: notarisation, view, block: notarised })
    if (state.nullified) certificates.push({ type: nullification, view, block: none })
  }
  if (viewWithin(finalisedView) > 0 && finalisedView >= request.from) {
    certificates.push({ type: finalisation, view: finalisedView, block: finalisedBlock })
  }
  if (certificates.length === 0) return
  const bundle = { type: messageTypes.certificates, certificates }
  context.send(from, bundle, bundleBytes(certificates))
}

/** Asks the preferred peer at first, after that any other voter, until a timeout. */
function ask(core: Core, preferred: NodeId, request: BlockRequest | CertificateRequest): void {
  const { context, electorate, fetching } = core
  const { voters } = electorate
  const own = voters.indexOf(context.self)
  const others = own < 0 ? voters.length : voters.length - 1
  if (others === 0) return
  if (!fetching.isTimerSet) {
    fetching.isTimerSet = true
    context.setTimer(timers.fetch, core.settings.fetchTimeout)
  }
  if (preferred !== none && preferred !== context.self && !fetching.isRetrying) {
    context.send(preferred, request, requestBytes)
    return
  }
  const drawn = fetching.peers.below(others)
  const peer = voters[own < 0 || drawn < own ? drawn : drawn + 1]!
  context.send(peer, request, requestBytes)
}
