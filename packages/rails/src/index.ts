export {
  type CardRail,
  createCardRail,
} from './card/cardRail.ts'
export { bankingDayFrom, isBankingDay } from './card/bankCalendar.ts'
export { parseInstant } from './card/civil.ts'
export type { CardActivity } from './card/desk.ts'
export { CardRailError } from './card/errors.ts'
export type { CardFee } from './card/fees.ts'
export type { CardSettlement } from './card/netting.ts'
export type { DataCentre } from './card/networkSwitch.ts'
export type { Acquirer, CardRailOptions, Issuer } from './card/options.ts'
export {
  cardDefaults,
  type CardDelays,
  type CardParameters,
  type StandInRules,
} from './card/parameters.ts'
export {
  createChainRail,
  type ChainAccess,
  type ChainRailOptions,
  type ChainRules,
} from './chain/chainRail.ts'
export type { BitcoinRules, ServiceCosts } from './chain/options.ts'
export { type RelaySchedule, relaySchedules } from './chain/relaySchedule.ts'
export {
  createTransactionRelay,
  type TransactionRelay,
  type TransactionRelayOptions,
} from './chain/transactionRelay.ts'
export type {
  TempoBatchOptions,
  TempoBuildOptions,
  TempoChargeOptions,
  TempoCurrency,
  TempoNonceOptions,
  TempoOptions,
  TempoPolicyChange,
  TempoPolicyOptions,
  TempoRecords,
  TempoSessionOptions,
  TempoSessionRecords,
  TempoShares,
  TempoValidatorOptions,
} from './chain/tempo/options.ts'
export type { BumpOptions, DoubleSpendOptions, WalletOptions } from './chain/wallet.ts'
export { spreadLevels, type SpreadRecord } from './chain/spreadTally.ts'
export type {
  BaseFeeRecords,
  BlockRecords,
  BlockTree,
  CommitteeRecords,
  MakerRecord,
  PoolRecords,
  PowerShare,
  Quote,
  Rail,
  RailObserver,
  Site,
} from './contract.ts'
export { createRouter, type RouterOptions } from './router.ts'
