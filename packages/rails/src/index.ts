export {
  type CardRail,
  createCardRail,
} from './card/cardRail.ts'
export { parseInstant } from './card/civil.ts'
export type { Acquirer, CardRailOptions, Issuer } from './card/options.ts'
export { cardDefaults, type CardParameters } from './card/parameters.ts'
export {
  createChainRail,
  type ChainAccess,
  type ChainRailOptions,
  type ChainRules,
} from './chain/chainRail.ts'
export { type WalletOptions } from './chain/wallet.ts'
export type {
  BlockRecords,
  PowerShare,
  Quote,
  Rail,
  RailObserver,
  Site,
} from './contract.ts'
export { createRouter, type RouterOptions } from './router.ts'
