export { ethereumBaseFee, nextBaseFee, noBaseFee, type BaseFeeRule } from './baseFee.ts'
export { type Bid } from './bids.ts'
export {
  type BitcoinPool,
  type BitcoinPoolOptions,
  createBitcoinPool,
  type Departure,
} from './bitcoin/bitcoinPool.ts'
export { compareDiagrams, type Comparison } from './bitcoin/diagram.ts'
export { compareFeerates, feeAt, type Satoshi, virtualBytes } from './bitcoin/feerate.ts'
export {
  createFeeEstimator,
  type FeeEstimator,
  type FeeEstimatorOptions,
} from './bitcoin/feeEstimator.ts'
export { type Chunk, linearise } from './bitcoin/linearise.ts'
export type { Rejection } from './bitcoin/order.ts'
export {
  bitcoinPolicies,
  type BitcoinPolicy,
  blockWeightLimit,
  type PoolRules,
  relayedWeightMax,
} from './bitcoin/policy.ts'
export {
  createTransactions,
  feeMax,
  type TransactionId,
  type TransactionOrder,
  type Transactions,
} from './bitcoin/transactions.ts'
export {
  blobBaseFee,
  type BlobParent,
  type BlobSchedule,
  blobScheduleAt,
  BlobScheduleError,
  blobScheduleNamed,
  blobSchedules,
  checkBlobSchedules,
  excessAtReserve,
  fakeExponential,
  gasPerBlob,
  nextExcessBlobGas,
} from './blobMarket.ts'
export {
  createBlockStore,
  genesis,
  type BlockId,
  type BlockRecord,
  type BlockStore,
} from './blockStore.ts'
export { BookError, createBook, type Book, type BookOptions } from './book.ts'
export {
  createChainState,
  type BlockSeal,
  type Omission,
  type ChainState,
  type ChainStateOptions,
  type OtherTraffic,
} from './chainState.ts'
export {
  createMempool,
  type Admission,
  type Mempool,
  type MempoolOptions,
  type WalkVerdict,
} from './mempool.ts'
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
export {
  calldataGas,
  type CalldataCost,
  costUsd,
  type GasPrice,
  glamsterdamTransferGas,
  nextGasLimit,
  paidPerGas,
  paymentsPerSecond,
  transactionGasLimit,
  transferGas,
  type TransferGas,
  type TransferKind,
} from './transferCost.ts'
export { type BuildBudget, type BuildBudgetOptions, createBuildBudget } from './tempo/budget.ts'
export {
  createTempoChain,
  type TempoBlock,
  type TempoChain,
  type TempoChainOptions,
  type TempoRebalancing,
} from './tempo/chain.ts'
export {
  createFeeAmm,
  type FeeAmm,
  type FeeAmmState,
  type FeePool,
  feeSwapOut,
  feeTokenOf,
  type FeeTokenChoice,
  rebalanceIn,
} from './tempo/feeAmm.ts'
export {
  tempoFee,
  type TempoFork,
  tempoForks,
  TempoError,
  type TempoRules,
  tempoRules,
} from './tempo/forks.ts'
export {
  stateCreationGas,
  storageCreditGas,
  type TempoTransfer,
  tempoChannelGas,
  tempoTransferGas,
} from './tempo/gas.ts'
export {
  type BlockCost,
  createTempoFill,
  fillTempoBlock,
  laneOf,
  type TempoCall,
  type TempoCandidate,
  type TempoEnvelope,
  type TempoFill,
  type TempoFillOptions,
  type TempoLane,
  type TempoLimits,
  tempoLimits,
  type TempoStop,
  tempoStops,
} from './tempo/lanes.ts'
export {
  createExpiringNonces,
  createTempoNonces,
  type ExpiringNonces,
  type ExpiringVerdict,
  type NonceVerdict,
  type TempoNonces,
} from './tempo/nonces.ts'
export {
  createTempoPolicies,
  type PolicyUpdate,
  type TempoPolicies,
  type TempoPoliciesOptions,
  type TempoPolicy,
} from './tempo/policies.ts'
export {
  createTempoState,
  type TempoExecution,
  type TempoObstacle,
  type TempoPool,
  type TempoReceipt,
  type TempoSlot,
  type TempoState,
  type TempoStateOptions,
  type TempoToken,
  wholeSeconds,
} from './tempo/state.ts'
export {
  type NonceKind,
  nonceKinds,
  type TempoCallOrder,
  type TempoTransaction,
  tempoTransactionGas,
  type TempoTransactionOrder,
  transactionOf,
} from './tempo/transactions.ts'
export {
  createTempoValidators,
  type TempoValidators,
  type ValidatorChange,
} from './tempo/validators.ts'
