import type { Simulation } from '@counterpoise/engine'
import {
  type BlockId,
  createTransactions,
  type Departure,
  type Omission,
  type FailureReason,
  type PaymentId,
  type Rejection,
  type TransactionId,
  type Transactions,
} from '@counterpoise/ledger'
import { type BitcoinLedger, createBitcoinLedger } from './bitcoinLedger.ts'
import { createNodesPools } from './bitcoinNodes.ts'
import type { Market, MarketOptions } from './market.ts'
import { createNodePool, type NodePool, type NodePoolOptions } from './nodePools.ts'
import { type BitcoinRules, unitsPerBlock } from './options.ts'

export type BitcoinMarketOptions = MarketOptions & { bitcoin: BitcoinRules }

/** The pools of a chain: one for all nodes, or one for each that mines or serves payers. */
export type Pools = {
  /** The pool that a node sees. */
  of: (node: number) => NodePool
  /** Sends a transaction in at a node; why its pool does not take it. */
  send: (id: TransactionId, node: number) => Rejection | undefined
  /** Takes transactions that spend one coin out everywhere. False where one is in a chain. */
  withdraw: (ids: readonly TransactionId[]) => boolean
  /** Whether a transaction is in a pool, or in the chain of a node that has one. */
  know: (id: TransactionId) => boolean
  /** A block is made by a node; how its pool sees that. */
  made: (block: number, node: number) => void
  /** What is wrong with links, where they carry transactions. */
  addLinkFault?: Market['addLinkFault']
  join: Market['join']
}

export type PoolsOptions = BitcoinMarketOptions & {
  table: Transactions
  ledger: BitcoinLedger
  /** What all pools have in common. */
  pool: Omit<NodePoolOptions, 'onLeft' | 'onJoined' | 'estimates'>
  /** A transaction has left the pool of a node. */
  onLeft: (id: TransactionId, why: Departure, node: number) => void
  /** A block has become part of the chain that a node's pool follows. */
  onJoined: (block: BlockId, node: number) => void
}

/**
 * Pools by Bitcoin's rules. A payment is one or several transactions that spend one coin: its
 * first bid, better bids in its place, or a payment of its payer to itself. One of them at most
 * is in a chain; a payer's node says which.
 */
export function createBitcoinMarket(
  simulation: Simulation,
  options: BitcoinMarketOptions,
): Market {
  const { chain, blocks, lives, bitcoin, accessOf } = options
  const { rules } = chain
  const table = createTransactions()
  const ledger = createBitcoinLedger({ table, blocks, unitsPerPayment: rules.unitsPerPayment })
  const reasons = new Map<PaymentId, FailureReason>()
  const isShared = bitcoin.relay === undefined

  const onLeft = (id: TransactionId, why: Departure, node: number): void => {
    const payment = ledger.paymentOf(id)
    if (payment === -1 || (!isShared && node !== accessOf(payment))) return
    // A better bid of the same payment stands for it already.
    if (why === 'replaced' && ledger.current(payment) !== id) return
    reasons.set(payment, reasonOf[why])
    // What a block has in its place may be another version; and where each node has a pool, what
    // has been replaced in some may still be mined elsewhere.
    if (why === 'conflicted' || (why === 'replaced' && !isShared)) return
    if (lives.isWaiting(payment)) lives.fail(payment, reasonOf[why])
    if (!isShared) pools.withdraw(ledger.versions(payment))
  }
  /** A block that some node has seen gives coins of its payers' payments to somebody else. */
  const onJoined = (block: BlockId, node: number): void => {
    for (const payment of ledger.rivalsIn(block)) {
      const isLost = (isShared || accessOf(payment) === node) && lives.isWaiting(payment)
      if (isLost) lives.fail(payment, 'conflicted')
    }
  }
  const poolOptions: PoolsOptions['pool'] = {
    table,
    blocks,
    policy: bitcoin.policy,
    transactionsOf: ledger.transactionsOf,
  }
  const createPools = isShared ? createSharedPools : createNodesPools
  const pools = createPools(simulation, {
    ...{ ...options, table, ledger, pool: poolOptions, onLeft, onJoined },
  })
  const fill = createFill(options, table, ledger)

  return {
    isRelayed: !isShared,
    build: (parent, seal) => {
      const pool = pools.of(seal.proposer)
      pool.moveTo(parent, seal.time)
      const block = fill(pool, parent, seal)
      pools.made(block, seal.proposer)
      return block
    },
    baseFee: () => 0,
    nextBaseFee: () => 0,
    offer: (payment, bid) => {
      const refused = pools.send(ledger.add(payment, bid), accessOf(payment))
      return refused && wordsFor(refused)
    },
    admits: (bid, node) => bid.cap * 4_000 >= pools.of(node).pool.minimumRate(simulation.now()),
    replace: (payment, bid) => {
      const before = ledger.current(payment)
      // The new version stands for the payment already when the old one leaves.
      const id = ledger.add(payment, bid)
      if (pools.send(id, accessOf(payment)) === undefined) return true
      ledger.stand(payment, before)
      return false
    },
    spendTwice: (payment, bid) => {
      const first = chain.validators.length
      const count = chain.accessNodes.length
      // At another node than the payee's, where there is one.
      const node = first + ((accessOf(payment) - first + 1) % count)
      return pools.send(ledger.addRival(payment, bid), node) === undefined
    },
    withdraw: (payment) => {
      const id = ledger.current(payment)
      return id !== -1 && pools.know(id) && pools.withdraw(ledger.versions(payment))
    },
    knows: (payment) => ledger.versionsOfPayment(payment).some(pools.know),
    reasonGone: (payment) => reasons.get(payment) ?? 'evicted',
    price: (payment, block) => ledger.fee(payment, block) / rules.unitsPerPayment,
    priceAtDepth: (units, node) => pools.of(node).pool.rateAtDepth(units) ?? rules.minimumPrice,
    estimate: (targetBlocks, node) => {
      const rate = pools.of(node).estimator?.estimate(targetBlocks)
      return rate === undefined ? undefined : rate / 4_000
    },
    waitingUnits: (node) => pools.of(node).pool.totalWeight(),
    waitingCount: () => pools.of(chain.validators.length).pool.size(),
    addLinkFault: pools.addLinkFault,
    join: pools.join,
  }
}

/** Makes blocks from a pool that has their parent's view. */
function createFill(
  { chain: { rules } }: BitcoinMarketOptions,
  table: Transactions,
  ledger: BitcoinLedger,
) {
  const room = unitsPerBlock(rules)
  const { unitsPerBlock: traffic = 0, laneLimit = rules.unitsLimit, givesWay = true } =
    rules.otherTraffic ?? {}
  const other = Math.min(traffic, laneLimit, rules.unitsLimit)
  return (
    { pool }: NodePool,
    parent: number,
    seal: Parameters<Market['build']>[1],
  ): number => {
    const { omits } = seal
    const taken = selectWithout(pool, room, { table, ledger, omits, unit: rules.unitsPerPayment })
    const others = omits === 'everything' ? 0 : other
    const used = taken.reduce((sum, id) => sum + table.weight(id), 0)
    return ledger.append(parent, seal, taken, {
      units: givesWay ? Math.max(used, others) : used + others,
      bytes: taken.length * rules.bytesPerPayment,
    })
  }
}

type Choice = {
  table: Transactions
  ledger: BitcoinLedger
  omits: Omission | undefined
  /** The weight of every transaction. */
  unit: number
}

/** The best transactions for a block but those of payments that it leaves out. */
function selectWithout(
  pool: NodePool['pool'],
  room: number,
  { table, ledger, omits, unit }: Choice,
): TransactionId[] {
  if (omits === undefined) return pool.select(room)
  if (omits === 'everything') return []
  // The transactions of a run depend on no others, so any of them can be left out alone.
  for (let limit = room; ; limit *= 2) {
    const found = pool.select(limit)
    let left = room
    const kept = found.filter((id) => {
      const payment = ledger.paymentOf(id)
      if (payment !== -1 && omits(payment)) return false
      left -= table.weight(id)
      return left >= 0
    })
    const isAll = limit >= pool.totalWeight()
    if (isAll || left < unit || kept.length === found.length) return kept
  }
}

/** One pool, which follows whatever block is built upon; what reaches it is everywhere at once. */
function createSharedPools(simulation: Simulation, options: PoolsOptions): Pools {
  const pool = createNodePool({
    ...options.pool,
    estimates: options.chain.wallet.strategy === 'bitcoin estimate',
    onLeft: (id, why) => options.onLeft(id, why, -1),
    onJoined: (block) => options.onJoined(block, -1),
  })
  return {
    of: () => pool,
    send: (id) => pool.submit(id, simulation.now()),
    withdraw: (ids) => ids.some((id) => pool.pool.forget(id).length > 0),
    know: (id) => pool.pool.has(id) || pool.pool.isConfirmed(id),
    made: (block) => pool.moveTo(block, simulation.now()),
    join: () => {},
  }
}

function wordsFor(reason: Rejection): FailureReason {
  if (reason === 'spent' || reason === 'missing parents') return 'conflicted'
  return reason === 'below pool minimum' ? 'mempool full' : 'fee too low'
}

const reasonOf: Record<Departure, FailureReason> = {
  evicted: 'evicted',
  expired: 'evicted',
  package: 'evicted',
  replaced: 'replaced',
  conflicted: 'conflicted',
}
