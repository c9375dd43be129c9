import type { Time } from '@counterpoise/engine'
import { type BaseFeeRule, nextBaseFee } from '../baseFee.ts'
import { type BlockId, type BlockStore, genesis } from '../blockStore.ts'
import type { BlockSeal } from '../chainState.ts'
import type { Mempool, WalkVerdict } from '../mempool.ts'
import { tempoFee } from './forks.ts'
import { type BlockCost, createTempoFill, type TempoLimits, type TempoStop } from './lanes.ts'
import {
  type TempoObstacle,
  type TempoPool,
  type TempoReceipt,
  type TempoSlot,
  type TempoState,
  wholeSeconds,
} from './state.ts'
import type { TempoTransaction } from './transactions.ts'

export type TempoChainOptions = {
  blocks: BlockStore
  mempool: Mempool
  state: TempoState
  /** By their numbers, which are those in the pool. */
  transactions: readonly TempoTransaction[]
  baseFeeRule: BaseFeeRule
  /** `timeUs` is the build budget: from the start of the leader's work to the block's arrival. */
  limits: TempoLimits
  /** What a block takes of the build budget of a producer. */
  costOf: (proposer: number) => BlockCost
  /** The token that a producer takes fees in. */
  tokenOf: (proposer: number) => string
  /** Gas of transactions of the general lane that are none of the run's; they come first. */
  otherGas: (baseFee: number) => number
  rebalancing: TempoRebalancing
  pools: readonly TempoPool[]
  /** Gas of the general lane that an update of a policy takes. */
  policyGas: number
  /** Gas of the general lane that a change of validators takes. */
  validatorGas: number
  /** A transaction can no longer get into any block. */
  onDropped: (id: number, why: TempoObstacle) => void
}

/** Somebody buys the users' tokens out of the Fee AMM, at its fixed price. */
export type TempoRebalancing = {
  /** As soon as a pool has as many of them, millionths of a dollar. */
  above: number
  /** Gas of the general lane that it takes. */
  gas: number
}

/** What a block holds and what became of its fees. */
export type TempoBlock = {
  stop: TempoStop
  /** Gas of both lanes, other traffic included. */
  gas: number
  generalGas: number
  /** Numbers of its transactions, in order, and what they did. */
  ids: readonly number[]
  receipts: readonly TempoReceipt[]
  /** Places in `ids` of transactions whose calls were undone. */
  refused: ReadonlySet<number>
}

/** Tempo's execution rules over a pool: fills blocks, and prices what is in them. */
export type TempoChain = {
  build: (parent: BlockId, seal: BlockSeal) => BlockId
  /** Attodollars per gas. */
  baseFee: (block: BlockId) => number
  nextBaseFee: (parent: BlockId) => number
  /** Undefined for the genesis block. */
  block: (block: BlockId) => TempoBlock | undefined
}

export function createTempoChain(options: TempoChainOptions): TempoChain {
  const { baseFeeRule, blocks, mempool, state, transactions } = options
  const made: (TempoBlock | undefined)[] = []
  const baseFees: number[] = [baseFeeRule.initial]

  const baseFee = (block: BlockId): number =>
    (baseFees[block] ??= baseFeeAfter(blocks.parent(block)))
  const baseFeeAfter = (parent: BlockId): number =>
    parent === genesis
      ? baseFeeRule.initial
      : nextBaseFee(baseFeeRule, baseFee(parent), blocks.gas(parent))

  const checkOut = (target: BlockId): void => {
    const position = state.position()
    if (position === target) return
    const common = blocks.commonAncestor(position, target)
    for (let block = position; block !== common; block = blocks.parent(block)) {
      made[block]!.ids.forEach((id) => mempool.restore(id))
    }
    for (let block = target; block !== common; block = blocks.parent(block)) {
      made[block]!.ids.forEach((id) => mempool.remove(id))
    }
    state.moveTo(target)
    mempool.trim()
  }
  mempool.expectBaseFee(baseFeeRule.initial)

  return {
    build: (parent, { omits, ...seal }) => {
      checkOut(parent)
      const filled = fillBlock(options, baseFeeAfter(parent), { ...seal, omits })
      const block = blocks.append({
        ...seal,
        parent,
        payments: filled.ids.flatMap((id) => transactions[id]!.calls.map(({ payment }) => payment)),
        gas: filled.gas,
        bytes: (seal.bytes ?? 0) + filled.bytes,
      })
      made[block] = filled
      state.seal(block)
      mempool.expectBaseFee(baseFeeAfter(block))
      for (const [id, why] of filled.dropped) options.onDropped(id, why)
      return block
    },
    baseFee,
    nextBaseFee: baseFeeAfter,
    block: (block) => made[block],
  }
}

type Filled = TempoBlock & { bytes: number; dropped: [number, TempoObstacle][] }

/** Executes the best transactions one after the other until a limit ends the block. */
function fillBlock(
  options: TempoChainOptions,
  baseFee: number,
  { omits, proposer, time }: BlockSeal,
): Filled {
  const { limits, mempool, state, transactions } = options
  const slot: TempoSlot = { seconds: wholeSeconds(time), token: options.tokenOf(proposer) }
  const isEmpty = omits === 'everything'
  const rebalanced = isEmpty ? 0 : rebalance(options, options.otherGas(baseFee))
  const generalGas = isEmpty ? 0 : followSchedules(options, rebalanced, time)
  const fill = createTempoFill({ limits, cost: options.costOf(proposer), generalGas })
  const [ids, receipts, refused] = [[] as number[], [] as TempoReceipt[], new Set<number>()]
  const dropped: Filled['dropped'] = []
  /** Transactions that wait for another one of their sequence, by sequence and place. */
  const queued = new Map<number, Map<number, number>>()
  let stop: TempoStop = 'pool empty'

  mempool.walk(baseFee, (id, again): WalkVerdict => {
    const transaction = transactions[id]!
    const { bytes, gasLimit, lane, place, sequence } = transaction
    const price = mempool.price(id, baseFee)
    const maxFee = Number(tempoFee(BigInt(price), BigInt(gasLimit)))
    const obstacle = state.obstacleOf(transaction, slot, maxFee)
    if (obstacle === 'nonce too high') {
      const waiting = queued.get(sequence) ?? new Map<number, number>()
      queued.set(sequence, waiting.set(place, id))
      return 'leave'
    }
    if (obstacle === 'nonce expired' || obstacle === 'nonce too low') {
      dropped.push([id, obstacle])
      return 'drop'
    }
    if (obstacle !== undefined) return 'leave'
    if (isEmpty) return 'stop'
    if (omits !== undefined && transaction.calls.some(({ payment }) => omits(payment))) {
      return 'leave'
    }
    const pays = !state.isRefused(transaction)
    const gas = state.gasOf(transaction, pays)
    const outcome = fill.offer({ lane, gas, bytes, timeUs: 0 })
    if (outcome === 'skipped') return 'leave'
    if (outcome !== 'included') {
      stop = outcome
      return 'stop'
    }
    if (!pays) refused.add(ids.length)
    ids.push(id)
    receipts.push(state.execute(transaction, slot, { gas, price, pays }))
    const successor = queued.get(sequence)?.get(place + 1)
    if (successor !== undefined) again(successor)
    return 'take'
  })
  return {
    ...{ stop, ids, receipts, refused, dropped },
    gas: fill.gas(),
    generalGas: fill.generalGas(),
    bytes: fill.bytes(),
  }
}

/** Executes what owners and admins have sent, as far as it fits; returns the gas used so far. */
function followSchedules(options: TempoChainOptions, before: number, time: Time): number {
  const { limits, policyGas, state: { policies, validators }, validatorGas } = options
  let used = before
  const schedules = [
    { schedule: validators, gas: validatorGas },
    { schedule: policies, gas: policyGas },
  ]
  for (const { schedule, gas } of schedules) {
    const position = schedule.position()
    const room = Math.floor((limits.generalGas - used) / gas)
    const count = Math.max(0, Math.min(schedule.due(time) - position, room))
    schedule.moveTo(position + count)
    used += count * gas
  }
  return used
}

/** Buys users' tokens where a pool has many of them; returns the general gas used so far. */
function rebalance(options: TempoChainOptions, before: number): number {
  const { limits, pools, rebalancing, state } = options
  let used = before
  for (const { from, to } of pools) {
    const { userReserve } = state.amm.pool(from, to)
    if (userReserve === 0n || userReserve < rebalancing.above) continue
    if (used + rebalancing.gas > limits.generalGas) break
    state.amm.rebalance(from, to, userReserve)
    used += rebalancing.gas
  }
  return used
}
