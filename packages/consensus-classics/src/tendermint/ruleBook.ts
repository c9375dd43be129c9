import { createBallots, quorumAmong, type RuleBook } from '@counterpoise/consensus/testing'
import type { NodeId } from '@counterpoise/network'
import { messageTypes, nil, type TendermintMessage } from './messages.ts'

/**
 * The rules of Tendermint, from what members say alone: one prevote and one precommit a round, a
 * precommit for what a quorum has prevoted, the lock that comes with it, and a quorum of precommits
 * behind what is final.
 */
export function createRuleBook(weights: readonly number[]): RuleBook {
  const quorum = quorumAmong(weights)
  const prevotes = createBallots(weights)
  const precommits = createBallots(weights)
  type Vote = { node: NodeId; height: number; round: number; block: number }
  const said = { prevote: [] as Vote[], precommit: [] as Vote[] }
  const placeOf = (height: number, round: number): string => `${height}/${round}`

  const hear = (node: NodeId, message: TendermintMessage): void => {
    if (message.type !== messageTypes.prevote && message.type !== messageTypes.precommit) return
    const { block, height, round } = message as { block: number; height: number; round: number }
    const isPrevote = message.type === messageTypes.prevote
    const ballots = isPrevote ? prevotes : precommits
    const place = placeOf(height, round)
    if (!ballots.has(place, node, block)) {
      said[isPrevote ? 'prevote' : 'precommit'].push({ node, height, round, block })
    }
    ballots.add(place, node, block)
  }

  return {
    hear,
    violations: ({ blocks, finals, lying }) => {
      const found = [
        ...prevotes.contradictions('prevotes', lying),
        ...precommits.contradictions('precommits', lying),
      ]
      const isPrevoted = (height: number, round: number, block: number): boolean =>
        prevotes.behind(placeOf(height, round), block, lying) >= quorum
      for (const { node, height, round, block } of said.precommit) {
        if (lying.has(node) || block === nil) continue
        if (!isPrevoted(height, round, block)) {
          found.push(`${placeOf(height, round)}: ${node} precommits ${block}, prevotes lack`)
        }
        for (const vote of said.prevote) {
          const isLater = vote.node === node && vote.height === height && vote.round > round
          if (!isLater || vote.block === block || vote.block === nil) continue
          let isFreed = false
          for (let freed = round; freed < vote.round; freed++) {
            isFreed ||= isPrevoted(height, freed, vote.block)
          }
          if (!isFreed) {
            found.push(`${placeOf(height, vote.round)}: ${node} prevotes against its lock`)
          }
        }
      }
      for (const block of finals) {
        if (!precommits.isDecided(blocks.height(block), block, quorum, lying)) {
          found.push(`${block} is final with too few precommits`)
        }
      }
      return found
    },
  }
}
