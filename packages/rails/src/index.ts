export type {
  BlockRecords,
  PowerShare,
  Quote,
  Rail,
  RailObserver,
  Site,
} from './contract.ts'
