export {
  type AssociationMember,
  type AssociationMotion,
  type AssociationRules,
  decideMotions,
  type MotionVerdict,
  votesNeeded,
} from './association.ts'
export {
  effectiveNumber,
  gini,
  herfindahl,
  minEntropy,
  nakamoto,
  shannonEntropy,
  theil,
} from './concentration.ts'
export {
  energyFigures,
  nodesWatts,
  proofOfWorkWatts,
  wattHoursPerPayment,
  wattsOfAnnualJoules,
  wattsOfAnnualWattHours,
  type NodeFleet,
  type ProofOfWorkFleet,
} from './energy.ts'
export { AssociationError, EnergyError, SharesError } from './errors.ts'
export {
  jointNakamoto,
  type JointNakamoto,
  type JointNakamotoOptions,
  type Layer,
} from './jointNakamoto.ts'
export { sharesBy, type Holding, type Shares } from './shares.ts'
export type { Sourced } from './sourced.ts'
