import { seconds, type Time } from '@counterpoise/engine'
import { type BlockId, type BlockStore, genesis } from '../blockStore.ts'
import { createFeeAmm, type FeeAmm, type FeeAmmState } from './feeAmm.ts'
import { TempoError, tempoFee, type TempoRules } from './forks.ts'
import { createExpiringNonces } from './nonces.ts'
import { createTempoPolicies, type TempoPolicies } from './policies.ts'
import { type TempoTransaction, tempoTransactionGas } from './transactions.ts'
import { createTempoValidators, type TempoValidators } from './validators.ts'

/** A TIP-20 stablecoin; `quote` is the token that it is quoted in, pathUSD at last. */
export type TempoToken = { name: string; quote?: string | undefined }

/** Liquidity of the Fee AMM from a token to a producer's token, millionths of a dollar. */
export type TempoPool = { from: string; to: string; liquidity: number }

export type TempoStateOptions = {
  rules: TempoRules
  blocks: BlockStore
  tokens: readonly TempoToken[]
  pools: readonly TempoPool[]
  /** Whether an account holds a token before the first block. */
  holds: (account: number, token: number) => boolean
  policies?: TempoPolicies | undefined
  validators?: TempoValidators | undefined
}

/** What keeps a transaction out of a block. */
export type TempoObstacle =
  | 'nonce too low'
  | 'nonce too high'
  | 'nonce expired'
  | 'ring full'
  | 'no fee liquidity'

/** How a transaction is executed. */
export type TempoExecution = {
  gas: number
  /** Attodollars per gas. */
  price: number
  /** False where its calls are undone, so that only its fee is paid. */
  pays: boolean
}

/** What a transaction has done in a block. */
export type TempoReceipt = {
  gas: number
  /** In the token of the fee, millionths: all that is paid. */
  fee: number
  /** In the producer's token, after the Fee AMM, millionths. */
  received: number
}

/** The block that is being built. */
export type TempoSlot = {
  /** Whole seconds. */
  seconds: number
  /** Name of the token that its producer takes. */
  token: string
}

/** Nonces, holders and fee reserves of the chain that ends in one block, the position. */
export type TempoState = {
  amm: FeeAmm
  policies: TempoPolicies
  validators: TempoValidators
  /** Goes to another block, as a working tree is checked out. */
  moveTo: (block: BlockId) => void
  position: () => BlockId
  /** Numbers a sequence of nonces: an account and a key, the protocol's own being key 0. */
  sequenceOf: (account: number, key: number) => number
  /** The next place in a sequence of nonces. */
  next: (sequence: number) => number
  obstacleOf: (
    transaction: TempoTransaction,
    slot: TempoSlot,
    maxFee: number,
  ) => TempoObstacle | undefined
  gasOf: (transaction: TempoTransaction, pays: boolean) => number
  /** Whether a policy refuses one of its calls, so that all are undone and its fee is paid. */
  isRefused: (transaction: TempoTransaction) => boolean
  /** By member: its votes by the chain that ends in a block; undefined where none ever change. */
  registered: (block: BlockId) => readonly number[] | undefined
  /** Executes what has no obstacle. */
  execute: (transaction: TempoTransaction, slot: TempoSlot, how: TempoExecution) => TempoReceipt
  /** What has been executed since the last position is a block on it now, the new position. */
  seal: (block: BlockId) => void
}

/** What a block has changed, to be taken back or done again. */
type Journal = {
  executed: TempoTransaction[]
  holders: number[]
  amm: FeeAmmState
  /** Updates of policies, and changes of validators, in the chain so far. */
  policies: number
  validators: number
}

/** @throws TempoError as `createFeeAmm` and `createExpiringNonces` do. */
export function createTempoState(options: TempoStateOptions): TempoState {
  const { blocks, rules, tokens } = options
  const policies = options.policies ?? noPolicies()
  const validators = options.validators ?? createTempoValidators([], [])
  const quotes = new Map(tokens.map(({ name, quote }) => [name, quote]))
  const amm = createFeeAmm((token) => quotes.get(token))
  for (const { from, to, liquidity } of options.pools) amm.fund(from, to, BigInt(liquidity))
  const ring = createExpiringNonces(rules)
  const sequences = createSequences()
  const holders = new Set<number>()
  const opened = (): Journal => ({
    ...{ executed: [], holders: [], amm: [] },
    ...{ policies: 0, validators: 0 },
  })
  const journals = new Map<BlockId, Journal>([[genesis, { ...opened(), amm: amm.save() }]])
  let position: BlockId = genesis
  let open = opened()

  const holderKey = (account: number, token: number): number => account * tokens.length + token
  const isNew = (account: number, token: number): boolean =>
    !options.holds(account, token) && !holders.has(holderKey(account, token))

  const undo = (block: BlockId): void => {
    const { executed, holders: made } = journals.get(block)!
    for (let index = executed.length - 1; index >= 0; index--) {
      const { sequence } = executed[index]!
      if (sequence < 0) ring.undo()
      else sequences.turn(sequence, -1)
    }
    for (const key of made) holders.delete(key)
  }
  const redo = (block: BlockId): void => {
    const { executed, holders: made } = journals.get(block)!
    const seconds = wholeSeconds(blocks.time(block))
    for (const { sequence, id, validBefore } of executed) {
      if (sequence < 0) ring.use(id, validBefore, seconds)
      else sequences.turn(sequence, 1)
    }
    for (const key of made) holders.add(key)
  }

  return {
    ...{ amm, policies, validators },
    registered: (block) => validators.registered(journals.get(block)!.validators),
    position: () => position,
    moveTo: (target) => {
      if (target === position) return
      const common = blocks.commonAncestor(position, target)
      for (let block = position; block !== common; block = blocks.parent(block)) undo(block)
      const path: BlockId[] = []
      for (let block = target; block !== common; block = blocks.parent(block)) path.push(block)
      for (const block of path.reverse()) redo(block)
      amm.load(journals.get(target)!.amm)
      policies.moveTo(journals.get(target)!.policies)
      validators.moveTo(journals.get(target)!.validators)
      position = target
    },
    sequenceOf: sequences.numberOf,
    next: sequences.next,
    obstacleOf: (transaction, { seconds, token }, maxFee) => {
      const { feeToken, id, place, sequence, validBefore } = transaction
      if (sequence < 0) {
        const verdict = ring.check(id, validBefore, seconds)
        if (verdict === 'ring full') return verdict
        if (verdict !== 'accepted') return 'nonce expired'
      } else {
        const next = sequences.next(sequence)
        if (place !== next) return place < next ? 'nonce too low' : 'nonce too high'
      }
      const route = amm.route(tokens[feeToken]!.name, token, BigInt(maxFee))
      return route === undefined ? 'no fee liquidity' : undefined
    },
    isRefused: ({ calls, from, token }) =>
      calls.some(({ to }) => policies.refuses(token, from, to)),
    gasOf: (transaction, pays) => {
      const { calls, nonce, place, token } = transaction
      const fresh = new Set<number>()
      for (const { to } of pays ? calls : []) if (isNew(to, token)) fresh.add(to)
      const nonceKey = nonce === 'key' && place === 0
      return tempoTransactionGas(transaction, { nonceKey, balances: fresh.size })
    },
    execute: (transaction, { seconds, token }, { gas, price, pays }) => {
      const { calls, feeToken, id, sequence, validBefore } = transaction
      if (sequence < 0) ring.use(id, validBefore, seconds)
      else sequences.turn(sequence, 1)
      open.executed.push(transaction)
      for (const { to } of pays ? calls : []) {
        if (!isNew(to, transaction.token)) continue
        const key = holderKey(to, transaction.token)
        holders.add(key)
        open.holders.push(key)
      }
      const fee = tempoFee(BigInt(price), BigInt(gas))
      const route = amm.route(tokens[feeToken]!.name, token, fee)
      if (route === undefined) throw new TempoError('fee liquidity', `${fee}`, 'none')
      return { gas, fee: Number(fee), received: Number(amm.collect(route, fee)) }
    },
    seal: (block) => {
      journals.set(block, {
        ...open,
        amm: amm.save(),
        policies: policies.position(),
        validators: validators.position(),
      })
      open = opened()
      position = block
    },
  }
}

const noPolicies = (): TempoPolicies =>
  createTempoPolicies({ policies: [], lists: () => false, updates: [] })

/** Times of blocks count for nonces in whole seconds. */
export const wholeSeconds = (time: Time): number => Math.floor(time / seconds(1))

type Sequences = Pick<TempoState, 'next'> & {
  numberOf: (account: number, key: number) => number
  turn: (sequence: number, by: 1 | -1) => void
}

/** The most keys of an account. */
const keysMax = 1_000_000

/** Sequences of nonces by number, given in the order in which they come up. */
function createSequences(): Sequences {
  const numbers = new Map<number, number>()
  let places = new Int32Array(1024)
  return {
    numberOf: (account, key) => {
      if (!(key >= 0 && key < keysMax)) throw new TempoError('nonce key', `below ${keysMax}`, key)
      const name = account * keysMax + key
      const known = numbers.get(name)
      if (known !== undefined) return known
      const number = numbers.size
      numbers.set(name, number)
      if (number === places.length) {
        const wider = new Int32Array(number * 2)
        wider.set(places)
        places = wider
      }
      return number
    },
    next: (sequence) => places[sequence]!,
    turn: (sequence, by) => {
      places[sequence] = places[sequence]! + by
    },
  }
}
