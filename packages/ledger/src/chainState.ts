import type { Time } from '@counterpoise/engine'
import { type BaseFeeRule, nextBaseFee } from './baseFee.ts'
import { type BlockId, type BlockStore, genesis } from './blockStore.ts'
import type { Mempool } from './mempool.ts'
import type { PaymentId } from './payments.ts'

export type ChainStateOptions = {
  blocks: BlockStore
  mempool: Mempool
  baseFeeRule: BaseFeeRule
  /** Gas or weight units that a block holds. */
  unitsLimit: number
  /** Bytes that a block holds. */
  bytesLimit: number
  bytesPerPayment: number
}

/** What a block holds besides its payments. */
export type BlockSeal = {
  proposer: number
  time: Time
  round: number
  work?: number | undefined
  bytes?: number | undefined
  data?: unknown
}

/** Execution rules of a chain: fills blocks from the pool and prices what is in them. */
export type ChainState = {
  /** Makes a block on a parent from the best payments that its chain does not hold yet. */
  build: (parent: BlockId, seal: BlockSeal) => BlockId
  /** The base fee that holds in a block. */
  baseFee: (block: BlockId) => number
  /** The base fee of a block that would be built on this one. */
  nextBaseFee: (parent: BlockId) => number
}

/**
 * Joins a block store, a pool and a fee rule.
 *
 * The pool is what is left to include *from the view of one block*: its position. Building on
 * another block moves it there as a working tree is checked out: payments of blocks that are left
 * behind come back, payments of blocks on the way are taken out. A block that nobody builds on
 * thus returns its payments by itself.
 */
export function createChainState(options: ChainStateOptions): ChainState {
  const { blocks, mempool, baseFeeRule, bytesLimit, bytesPerPayment } = options
  const fit = Math.floor(bytesLimit / bytesPerPayment)
  const baseFees: number[] = [baseFeeRule.initial]
  let position: BlockId = genesis

  const checkOut = (target: BlockId): void => {
    if (position === target) return
    const common = blocks.commonAncestor(position, target)
    for (let block = position; block !== common; block = blocks.parent(block)) {
      blocks.payments(block).forEach(mempool.restore)
    }
    for (let block = target; block !== common; block = blocks.parent(block)) {
      blocks.payments(block).forEach(mempool.remove)
    }
    position = target
  }

  const baseFeeAfter = (parent: BlockId): number =>
    nextBaseFee(baseFeeRule, baseFees[parent]!, blocks.gas(parent))

  return {
    build: (parent, seal) => {
      checkOut(parent)
      const baseFee = baseFeeAfter(parent)
      const taken = mempool.take(options.unitsLimit, baseFee)
      for (const surplus of taken.splice(fit)) mempool.restore(surplus)
      const block = blocks.append({
        ...seal,
        parent,
        payments: taken,
        gas: unitsOf(mempool, taken),
        bytes: (seal.bytes ?? 0) + taken.length * bytesPerPayment,
      })
      baseFees[block] = baseFee
      position = block
      return block
    },
    baseFee: (block) => baseFees[block]!,
    nextBaseFee: baseFeeAfter,
  }
}

function unitsOf(mempool: Mempool, payments: readonly PaymentId[]): number {
  return payments.reduce((sum, payment) => sum + mempool.units(payment), 0)
}
