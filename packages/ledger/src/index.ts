export { createBlockStore, genesis, type BlockId, type BlockRecord, type BlockStore } from './blockStore.ts'
export { toUsd, usd, type MicroUsd } from './money.ts'
export {
  createPayments,
  failureReasons,
  paymentStates,
  type FailureReason,
  type PaymentId,
  type PaymentOrder,
  type Payments,
  type PaymentState,
} from './payments.ts'
export { BookError, createBook, type Book, type BookOptions } from './book.ts'
