import type { ReplicaContext } from '@counterpoise/consensus'
import type { Finality } from '@counterpoise/consensus/parts'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { HotStuffMessage } from './messages.ts'
import type { Settings } from './parameters.ts'

/** Weights of members that took part in the last final blocks, and of those that did not. */
const [activeWeight, inactiveWeight] = [99, 1]

/** Blocks of the last rounds do not count: not everybody may know yet that they are final. */
const excludedRounds = 4

/** Who leads a round, as far as this replica knows. */
export type Leaders = { leaderOf: (round: number) => NodeId }

/** The signers of the certificate in a block, which it carries. */
export type BlockData = { signers: readonly NodeId[] }

export function createLeaders(
  context: ReplicaContext<HotStuffMessage>,
  finality: Finality,
  { contiguousRounds, leaders }: Settings,
): Leaders {
  const { voters, size } = context.committee
  const rotating = (round: number): NodeId =>
    voters[Math.floor((round - 1) / contiguousRounds) % voters.length]!
  if (leaders === 'rotation') return { leaderOf: rotating }

  const { blocks } = context
  const active = new Uint8Array(size)
  let seenUntil: BlockId = -1
  let total = 0

  /** The members that proposed or voted for as many final blocks as there are voters. */
  const lookBack = (anchor: BlockId): void => {
    active.fill(0)
    let block = anchor
    for (let count = 0; count < voters.length && block !== genesis; count++) {
      active[blocks.proposer(block)] = 1
      const { signers } = blocks.data(block) as BlockData
      for (const signer of signers) active[signer] = 1
      block = blocks.parent(block)
    }
    total = 0
    for (const voter of voters) total += active[voter] === 1 ? activeWeight : inactiveWeight
    seenUntil = anchor
  }

  return {
    leaderOf: (round) => {
      let anchor = finality.executedFinal()
      while (anchor !== genesis && blocks.round(anchor) > round - excludedRounds) {
        anchor = blocks.parent(anchor)
      }
      if (anchor === genesis) return rotating(round)
      if (anchor !== seenUntil) lookBack(anchor)
      let draw = context.beacon(round) % total
      for (const voter of voters) {
        draw -= active[voter] === 1 ? activeWeight : inactiveWeight
        if (draw < 0) return voter
      }
      return voters[0]!
    },
  }
}
