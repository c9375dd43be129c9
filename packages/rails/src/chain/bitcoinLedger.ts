import {
  type Bid,
  type BlockId,
  type BlockSeal,
  type BlockStore,
  feeMax,
  genesis,
  type PaymentId,
  type Satoshi,
  type TransactionId,
  type Transactions,
} from '@counterpoise/ledger'

/** Which transactions stand for which payments, and what is in which block. */
export type BitcoinLedger = {
  /** A further version of a payment, or the first; it stands for the payment from now on. */
  add: (payment: PaymentId, bid: Bid) => TransactionId
  /** A transaction that spends the coin of a payment without paying it. */
  addRival: (payment: PaymentId, bid: Bid) => TransactionId
  /** Makes an older version stand for its payment again. */
  stand: (payment: PaymentId, id: TransactionId) => void
  /** The version that stands for a payment, or −1. */
  current: (payment: PaymentId) => TransactionId
  /** All transactions that spend the coin of a payment. */
  versions: (payment: PaymentId) => readonly TransactionId[]
  /** Those among them that pay it. */
  versionsOfPayment: (payment: PaymentId) => readonly TransactionId[]
  /** Payments whose coins a block gives to somebody else. */
  rivalsIn: (block: BlockId) => readonly PaymentId[]
  /** The payment of a transaction, or −1. */
  paymentOf: (id: TransactionId) => PaymentId
  /** Appends a block that holds these, in their order. */
  append: (
    parent: BlockId,
    seal: BlockSeal,
    ids: readonly TransactionId[],
    size: { units: number; bytes: number },
  ) => BlockId
  transactionsOf: (block: BlockId) => Int32Array
  /** What a payment pays in a block that carries it. */
  fee: (payment: PaymentId, block: BlockId) => Satoshi
}

export type BitcoinLedgerOptions = {
  table: Transactions
  blocks: BlockStore
  /** The weight of every transaction. */
  unitsPerPayment: number
}

const none: readonly number[] = []
const nothing = new Int32Array(0)

/** Makes an empty ledger. */
export function createBitcoinLedger(options: BitcoinLedgerOptions): BitcoinLedger {
  const { table, blocks, unitsPerPayment } = options
  const currents: TransactionId[] = []
  const firsts: TransactionId[] = []
  const payments: PaymentId[] = []
  const versions: TransactionId[][] = []
  const rivals = new Map<BlockId, PaymentId[]>()
  const contents: (Int32Array | undefined)[] = []
  /** Of blocks with other than first versions: which one of a payment it is. */
  const later = new Map<BlockId, Map<PaymentId, TransactionId>>()

  const create = (payment: PaymentId, bid: Bid): TransactionId => {
    const id = table.add({
      fee: Math.min(feeMax, Math.ceil(bid.cap * unitsPerPayment)),
      weight: unitsPerPayment,
      spends: [payment],
    })
    const known = versions[payment]
    if (known === undefined) versions[payment] = [id]
    else known.push(id)
    return id
  }

  return {
    add: (payment, bid) => {
      const id = create(payment, bid)
      payments[id] = payment
      currents[payment] = id
      firsts[payment] ??= id
      return id
    },
    addRival: (payment, bid) => {
      const id = create(payment, bid)
      payments[id] = -1
      return id
    },
    stand: (payment, id) => {
      currents[payment] = id
    },
    current: (payment) => currents[payment] ?? -1,
    versions: (payment) => versions[payment] ?? none,
    versionsOfPayment: (payment) =>
      (versions[payment] ?? none).filter((id) => payments[id] === payment),
    rivalsIn: (block) => rivals.get(block) ?? none,
    paymentOf: (id) => payments[id]!,
    append: (parent, seal, ids, { units, bytes }) => {
      const carried = ids.map((id) => payments[id]!).filter((payment) => payment !== -1)
      const { proposer, time, round, work, bytes: own = 0, data } = seal
      const block = blocks.append({
        parent,
        proposer,
        time,
        round,
        work,
        data,
        payments: carried,
        gas: units,
        bytes: own + bytes,
      })
      contents[block] = ids.length === 0 ? nothing : Int32Array.from(ids)
      for (const id of ids) {
        const payment = payments[id]!
        if (payment === -1) rivals.set(block, [...(rivals.get(block) ?? none), table.spend(id, 0)])
        if (payment === -1 || firsts[payment] === id) continue
        const versions = later.get(block) ?? new Map<PaymentId, TransactionId>()
        later.set(block, versions.set(payment, id))
      }
      return block
    },
    transactionsOf: (block) => (block === genesis ? nothing : (contents[block] ?? nothing)),
    fee: (payment, block) => table.fee(later.get(block)?.get(payment) ?? firsts[payment]!),
  }
}
