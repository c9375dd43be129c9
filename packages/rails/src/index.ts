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
