import { createCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createElectorate, type Electorate, isQuorum } from '@counterpoise/consensus/parts'
import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { Core } from './core.ts'
import {
  baseView,
  type CeremonyData,
  ceremonyDataOf,
  type CeremonyOutcome,
  type DealerLog,
  lastHeight,
  middleHeight,
} from './epochs.ts'
import {
  acknowledgementBytes,
  dealerLogBytes,
  messageTypes,
  outcomeBytes,
  shareBytes,
} from './messages.ts'
import type { Settings } from './parameters.ts'

/** A replica's part in the key ceremony of its epoch. */
export type Ceremony = {
  /** Who decides in the next epoch if the ceremony succeeds. */
  players: Electorate
  /** By player: whether it has acknowledged the share of this dealer. */
  acknowledged: Uint8Array
  acknowledgedWeight: number
}

/**
 * The players of an epoch: what had been registered when the epoch before it ended.
 *
 * @param end last block of the epoch before.
 */
export function createCeremony(
  context: ReplicaContext<any>,
  settings: Settings,
  epoch: number,
  end: BlockId,
): Ceremony {
  const { size, weights } = context.committee
  let registered: ArrayLike<number> = weights
  if (epoch > 0) {
    const scheduled = Array.from(weights)
    for (const change of settings.membership) {
      if (change.epoch < epoch) scheduled[change.member] = change.weight
    }
    registered = context.registered?.(end) ?? scheduled
  }
  return {
    players: createElectorate(createCommittee(registered)),
    acknowledged: new Uint8Array(size),
    acknowledgedWeight: 0,
  }
}

/** As a dealer: sends a share to each player that has not acknowledged one, in the first half. */
export function dealShares(core: Core): void {
  const { ceremony, context, epoch, settings, votes } = core
  if (settings.epochBlocks === 0 || !votes) return
  const height = context.blocks.height(core.reportedFinal)
  if (height + 1 >= middleHeight(settings.epochBlocks, epoch)) return
  const { players } = ceremony
  const share = { type: messageTypes.share, epoch }
  for (const player of players.voters) {
    if (player === context.self) acknowledge(core, player)
    else if (ceremony.acknowledged[player] === 0) {
      context.send(player, share, shareBytes(players.voters.length))
    }
  }
}

/** As a player: a share is acknowledged as often as it comes. */
export function receiveShare(core: Core, from: NodeId): void {
  const { ceremony, context, electorate, epoch } = core
  if (!(electorate.weights[from]! > 0) || !(ceremony.players.weights[context.self]! > 0)) return
  context.send(from, { type: messageTypes.acknowledgement, epoch }, acknowledgementBytes)
}

export function acknowledge({ ceremony }: Core, player: NodeId): void {
  const weight = ceremony.players.weights[player]!
  if (!(weight > 0) || ceremony.acknowledged[player] === 1) return
  ceremony.acknowledged[player] = 1
  ceremony.acknowledgedWeight += weight
}

/** What a block on a parent must carry; as for a log, what this dealer may put into it. */
export function ceremonyDataFor(core: Core, parent: BlockId): CeremonyData | undefined {
  const { ceremony, context, electorate, epoch, settings } = core
  const height = context.blocks.height(parent) + 1
  if (height === lastHeight(settings.epochBlocks, epoch)) {
    return { outcome: outcomeOf(core, parent) }
  }
  if (height < middleHeight(settings.epochBlocks, epoch)) return undefined
  if (!(electorate.weights[context.self]! > 0)) return undefined
  if (!isQuorum(ceremony.players, ceremony.acknowledgedWeight)) return undefined
  if (dealersOf(core, parent).includes(context.self)) return undefined
  const acknowledged: NodeId[] = []
  ceremony.acknowledged.forEach((flag, player) => {
    if (flag === 1) acknowledged.push(player)
  })
  return { log: { dealer: context.self, acknowledged } }
}

/** Bytes that the data add to a block. */
export function ceremonyBytes(core: Core, data: CeremonyData | undefined): number {
  const players = core.ceremony.players.voters.length
  if (data?.log !== undefined) return dealerLogBytes(players, data.log.acknowledged.length)
  return data?.outcome === undefined ? 0 : outcomeBytes(players)
}

/** Whether a proposal carries what it must, and nothing else. */
export function isCeremonyDataValid(core: Core, block: BlockId): boolean {
  const { context, epoch, settings } = core
  const { blocks } = context
  if (settings.epochBlocks === 0) return true
  const parent = blocks.parent(block)
  const data = ceremonyDataOf(blocks, block)
  if (blocks.height(block) === lastHeight(settings.epochBlocks, epoch)) {
    const expected = outcomeOf(core, parent)
    return data?.log === undefined && isSameOutcome(expected, data?.outcome)
  }
  if (data?.outcome !== undefined) return false
  return data?.log === undefined || isLogValid(core, block, data.log)
}

function isLogValid(core: Core, block: BlockId, log: DealerLog): boolean {
  const { ceremony, context, electorate, epoch, settings } = core
  const { blocks } = context
  if (blocks.height(block) < middleHeight(settings.epochBlocks, epoch)) return false
  if (log.dealer !== blocks.proposer(block) || !(electorate.weights[log.dealer]! > 0)) return false
  let weight = 0
  for (const player of new Set(log.acknowledged)) weight += ceremony.players.weights[player] ?? 0
  return (
    isQuorum(ceremony.players, weight) &&
    !dealersOf(core, blocks.parent(block)).includes(log.dealer)
  )
}

/** Dealers whose logs are in the chain that ends in a block, in its order. */
function dealersOf({ context, epoch, settings }: Core, end: BlockId): NodeId[] {
  const { blocks } = context
  const middle = middleHeight(settings.epochBlocks, epoch)
  const found: NodeId[] = []
  for (let block = end; blocks.height(block) >= middle; block = blocks.parent(block)) {
    const log = ceremonyDataOf(blocks, block)?.log
    if (log !== undefined) found.push(log.dealer)
  }
  return found.reverse()
}

/**
 * What becomes of the epoch whose last block stands on a parent. The ceremony succeeds where the
 * dealers with a log are a quorum, but for the failures that a parameter adds. Where it fails, the
 * committee stays as it is.
 */
export function outcomeOf(core: Core, parent: BlockId): CeremonyOutcome {
  const { ceremony, context, electorate, epoch, settings } = core
  const dealers = dealersOf(core, parent)
  let weight = 0
  for (const dealer of dealers) weight += electorate.weights[dealer]!
  const threshold = settings.ceremonyFailureProbability * 4_294_967_296
  const isSpoilt = threshold > 0 && context.beacon(baseView(epoch)) >>> 0 < threshold
  const hasPlayers = ceremony.players.totalWeight > 0
  const succeeded = isQuorum(electorate, weight) && !isSpoilt && hasPlayers
  return {
    epoch,
    succeeded,
    isFull: settings.fullCeremonies.includes(epoch),
    dealers,
    weights: Array.from(succeeded ? ceremony.players.weights : electorate.weights),
  }
}

function isSameOutcome(one: CeremonyOutcome, other: CeremonyOutcome | undefined): boolean {
  return (
    other !== undefined &&
    one.epoch === other.epoch &&
    one.succeeded === other.succeeded &&
    one.isFull === other.isFull &&
    one.dealers.length === other.dealers.length &&
    one.dealers.every((dealer, index) => dealer === other.dealers[index]) &&
    one.weights.length === other.weights.length &&
    one.weights.every((weight, member) => weight === other.weights[member])
  )
}
