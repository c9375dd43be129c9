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
  /** Bytes of payments that a block holds; what else is in it (`BlockSeal.bytes`) comes on top. */
  bytesLimit: number
  bytesPerPayment: number
  /** What else uses the blocks; nothing without it. */
  otherTraffic?: OtherTraffic | undefined
}

/** Transactions that are none of the run's payments, as an amount in each block. */
export type OtherTraffic = {
  /** Units of it that are there for each block. */
  unitsPerBlock: number
  /** The lane that it keeps to: at most as many units of a block. The whole block without one. */
  laneLimit?: number | undefined
  /**
   * True where it fills only what payments leave: it is not ready to pay more when the blocks get
   * full. False where it takes its units first, as traffic with a lane of its own does.
   */
  givesWay: boolean
  /**
   * The highest base fee at which it is there, native units per gas; any without it. A burst of
   * payments drives it out, and it comes back when the base fee has fallen again.
   */
  priceLimit?: number | undefined
}

/** What a block holds besides its payments. */
export type BlockSeal = {
  proposer: number
  time: Time
  round: number
  work?: number | undefined
  bytes?: number | undefined
  data?: unknown
  /** What it leaves out: everything, other transactions too, or some payments. */
  omits?: Omission | undefined
}

/** What the maker of a block leaves out of it. */
export type Omission = 'everything' | ((payment: PaymentId) => boolean)

/** Execution rules of a chain: fills blocks from the pool and prices what is in them. */
export type ChainState = {
  /** Makes a block on a parent from the best payments that its chain does not hold yet. */
  build: (parent: BlockId, seal: BlockSeal) => BlockId
  /** The base fee that holds in a block; the rule's initial one in the first. */
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
  const { blocks, mempool, baseFeeRule, unitsLimit, bytesLimit, bytesPerPayment } = options
  const { givesWay = true, priceLimit = Number.POSITIVE_INFINITY } = options.otherTraffic ?? {}
  const otherMost = otherUnits(options)
  const fit = bytesPerPayment > 0 ? Math.floor(bytesLimit / bytesPerPayment) : undefined
  /** Of genesis and of every block whose base fee somebody has asked for. */
  const baseFees: number[] = [baseFeeRule.initial]
  let position: BlockId = genesis

  const checkOut = (target: BlockId): void => {
    if (position === target) return
    const common = blocks.commonAncestor(position, target)
    for (let block = position; block !== common; block = blocks.parent(block)) {
      blocks.payments(block).forEach((payment) => mempool.restore(payment))
    }
    for (let block = target; block !== common; block = blocks.parent(block)) {
      blocks.payments(block).forEach((payment) => mempool.remove(payment))
    }
    position = target
    mempool.trim()
  }

  const baseFee = (block: BlockId): number =>
    (baseFees[block] ??= baseFeeAfter(blocks.parent(block)))
  const baseFeeAfter = (parent: BlockId): number =>
    parent === genesis
      ? baseFeeRule.initial
      : nextBaseFee(baseFeeRule, baseFee(parent), blocks.gas(parent))

  mempool.expectBaseFee(baseFeeRule.initial)

  return {
    build: (parent, { omits, ...seal }) => {
      checkOut(parent)
      const baseFeeHere = baseFeeAfter(parent)
      const other = baseFeeHere > priceLimit || omits === 'everything' ? 0 : otherMost
      const room = givesWay ? unitsLimit : unitsLimit - other
      const taken = takeWithout(mempool, { room, baseFee: baseFeeHere, fit, omits })
      const used = taken.reduce((sum, payment) => sum + mempool.units(payment), 0)
      const block = blocks.append({
        ...seal,
        parent,
        payments: taken,
        gas: givesWay ? Math.max(used, other) : used + other,
        bytes: (seal.bytes ?? 0) + taken.length * bytesPerPayment,
      })
      position = block
      mempool.expectBaseFee(baseFeeAfter(block))
      return block
    },
    baseFee,
    nextBaseFee: baseFeeAfter,
  }
}

type Room = {
  room: number
  baseFee: number
  fit: number | undefined
  omits: Omission | undefined
}

/** The best payments for a block but those that it leaves out, which stay in the pool. */
function takeWithout(mempool: Mempool, { room, baseFee, fit, omits }: Room): PaymentId[] {
  if (omits === undefined) return mempool.take(room, baseFee, fit)
  if (omits === 'everything') return []
  const taken: PaymentId[] = []
  const omitted: PaymentId[] = []
  let units = 0
  for (;;) {
    const left = fit === undefined ? undefined : fit - taken.length
    const more = mempool.take(room - units, baseFee, left)
    const kept = more.filter((payment) => !omits(payment))
    taken.push(...kept)
    omitted.push(...more.filter(omits))
    units += kept.reduce((sum, payment) => sum + mempool.units(payment), 0)
    // What it left out has made room for others.
    if (kept.length === more.length) break
  }
  for (const payment of omitted) mempool.restore(payment)
  return taken
}

/** What other traffic takes of a block that has room for it. */
function otherUnits({ otherTraffic, unitsLimit }: ChainStateOptions): number {
  if (otherTraffic === undefined) return 0
  const { unitsPerBlock, laneLimit = unitsLimit } = otherTraffic
  return Math.min(unitsPerBlock, laneLimit, unitsLimit)
}
