import type { RunningChain } from '@counterpoise/consensus'
import { type BlockId, genesis } from '@counterpoise/ledger'
import type { BaseFeeRecords } from '../contract.ts'
import { bestHead } from './blockRecords.ts'

/** What the blocks of the heaviest chain asked for a unit of gas, and burned. */
export function baseFeeRecordsOf(
  chain: RunningChain,
  baseFee: (block: BlockId) => number,
): BaseFeeRecords {
  const { blocks } = chain
  const head = bestHead(chain)
  const prices = new Float64Array(blocks.height(head))
  let burned = 0n
  for (let block = head; block !== genesis; block = blocks.parent(block)) {
    const price = baseFee(block)
    prices[blocks.height(block) - 1] = price
    burned += BigInt(price) * BigInt(blocks.gas(block))
  }
  return { prices, burned }
}
