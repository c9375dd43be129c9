export {
  doubleSpend,
  doubleSpendNakamoto,
  selfishRevenue,
  selfishThreshold,
  staleShare,
} from './closedForms.ts'
export { difficultyOf, type WorkData } from './difficulty.ts'
export { chainBlocksByMiner, reorganisationDepth, staleShareOf } from './measures.ts'
export { compactBlockBytes, type WorkMessage } from './messages.ts'
export { nakamoto } from './nakamoto.ts'
export { nakamotoParameters, type NakamotoParameters } from './parameters.ts'
