import { createBallots, quorumAmong, type RuleBook } from '@counterpoise/consensus/testing'
import { type BlockId, type BlockStore, genesis } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import { type HotStuffMessage, messageTypes } from './messages.ts'

/** What a member has said, in its order. */
type Said =
  | { what: 'vote'; round: number; block: BlockId }
  | { what: 'timeout'; round: number; highRound: number }

/**
 * The rules of HotStuff (3) and Jolteon (2), from what members say alone: votes of rounds that
 * ascend and were not given up, the lock or the proof of a round that failed, final blocks with as
 * many certificates on them as the chain must have.
 */
export const ruleBookOf =
  (chainLength: 2 | 3) =>
  (weights: readonly number[]): RuleBook => {
    const quorum = quorumAmong(weights)
    const votes = createBallots(weights)
    const said = new Map<NodeId, Said[]>()
    const hear = (from: NodeId, message: HotStuffMessage): void => {
      const list = said.get(from) ?? []
      said.set(from, list)
      if (message.type === messageTypes.vote) {
        votes.add(message.round, from, message.block)
        list.push({ what: 'vote', round: message.round, block: message.block })
      } else if (message.type === messageTypes.timeout) {
        list.push({ what: 'timeout', round: message.round, highRound: message.high.round })
      }
    }
    return {
      hear,
      violations: ({ blocks, finals, lying }) => {
        const found = votes.contradictions('votes for', lying)
        const honest = [...said].filter(([node]) => !lying.has(node))
        /** Members that may have shown a certificate of at most this round when they gave up. */
        const gaveUp = (round: number, highRound: number): number =>
          lying.size + honest.filter(([, list]) => hasGivenUp(list, round, highRound)).length
        for (const [node, list] of honest) {
          for (const fault of voteFaults(list, blocks, chainLength)) found.push(`${node} ${fault}`)
          for (const each of list) {
            if (chainLength === 3 || each.what !== 'vote') continue
            const parentRound = blocks.round(blocks.parent(each.block))
            if (parentRound === each.round - 1) continue
            if (gaveUp(each.round - 1, parentRound) < quorum) {
              found.push(`${node} votes in ${each.round} without proof that the last one failed`)
            }
          }
        }
        // A leader votes for what it certifies without saying so: one vote may be silent.
        const isCertified = (block: BlockId): boolean =>
          votes.behind(blocks.round(block), block, lying) + 1 >= quorum
        const certified = [...said.values()].flatMap((list) =>
          list.flatMap((each) =>
            each.what === 'vote' && isCertified(each.block) ? each.block : [],
          ),
        )
        const chained = new Set(certified.map((block) => firstOfChain(block, blocks, chainLength)))
        for (const block of finals) {
          if (!chained.has(block)) found.push(`${block} is final, ${chainLength} certificates lack`)
        }
        return found
      },
    }
  }

const hasGivenUp = (list: readonly Said[], round: number, highRound: number): boolean =>
  list.some(
    (each) => each.what === 'timeout' && each.round === round && each.highRound <= highRound,
  )

/** Rounds that go back, votes in rounds that were given up, and below the lock. */
function voteFaults(list: readonly Said[], blocks: BlockStore, chainLength: 2 | 3): string[] {
  const found: string[] = []
  let last = 0
  let lock = 0
  for (const each of list) {
    if (each.what === 'vote') {
      const parent = blocks.parent(each.block)
      if (each.round <= last) found.push(`votes in ${each.round} after ${last}`)
      if (chainLength === 3 && blocks.round(parent) < lock) {
        found.push(`votes in ${each.round} on ${blocks.round(parent)}, locked on ${lock}`)
      }
      if (parent !== genesis) lock = Math.max(lock, blocks.round(blocks.parent(parent)))
    }
    last = Math.max(last, each.round)
  }
  return found
}

/** The first block of a chain on rounds in a row that ends with this one, or genesis. */
function firstOfChain(end: BlockId, blocks: BlockStore, chainLength: 2 | 3): BlockId {
  let block = end
  for (let link = 1; link < chainLength; link++) {
    const parent = blocks.parent(block)
    if (block === genesis || blocks.round(parent) !== blocks.round(block) - 1) return genesis
    block = parent
  }
  return block
}
