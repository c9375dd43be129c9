export {
  ceremonyDataOf,
  ceremonyOutcomeOf,
  type CeremonyData,
  type CeremonyOutcome,
  type DealerLog,
  epochOfView,
  viewWithin,
} from './epochs.ts'
export { EpochLimitError, MembershipError } from './errors.ts'
export {
  messageTypes,
  type BlockMessage,
  type BlockRequest,
  type Certificate,
  type CertificateBundle,
  type CertificateRequest,
  type CeremonyMessage,
  type SimplexMessage,
  type Vote,
} from './messages.ts'
export { simplexParameters, type SimplexParameters } from './parameters.ts'
export { simplex } from './simplex.ts'
