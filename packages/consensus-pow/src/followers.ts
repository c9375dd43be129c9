import type { Followers, FollowersContext } from '@counterpoise/consensus'
import { type BlockId, genesis } from '@counterpoise/ledger'
import { blockRulesOf } from './blockRules.ts'
import type { WorkMessage } from './messages.ts'
import type { NakamotoParameters } from './parameters.ts'

/** Nodes without hash rate: four bytes each for the head, and a bit for each block that it has. */
export function createFollowers(
  parameters: NakamotoParameters,
  { size, blocks, validate, headChanged }: FollowersContext,
): Followers<WorkMessage> {
  const rules = blockRulesOf(parameters, blocks)
  const heads = new Int32Array(size).fill(genesis)
  /** By block, a bit for each node. */
  const holders: Uint32Array[] = []
  const words = (size + 31) >> 5

  const holdersOf = (block: BlockId): Uint32Array => (holders[block] ??= new Uint32Array(words))
  const has = (block: BlockId, node: number): boolean =>
    block === genesis ||
    (holders[block] !== undefined && ((holders[block]![node >> 5]! >>> (node & 31)) & 1) === 1)

  return {
    receive: (node, _from, message) => {
      if (message.type !== 'block') return false
      const { block } = message
      if (has(block, node)) return true
      // A replica knows what to do with what is early, invalid or without its parent.
      if (!has(blocks.parent(block), node)) return false
      if (!rules.isValid(block) || typeof validate(block, node) !== 'number') return false
      if (rules.acceptedFrom(block) > blocks.time(block)) return false
      const column = holdersOf(block)
      column[node >> 5] = column[node >> 5]! | (1 << (node & 31))
      if (blocks.totalWork(block) > blocks.totalWork(heads[node]!)) {
        heads[node] = block
        headChanged(node, block)
      }
      return true
    },
    inheritanceOf: (node) => ({ head: heads[node]!, knows: (block) => has(block, node) }),
  }
}
