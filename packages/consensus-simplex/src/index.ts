export {
  messageTypes,
  type BlockMessage,
  type BlockRequest,
  type Certificate,
  type CertificateBundle,
  type CertificateRequest,
  type SimplexMessage,
  type Vote,
} from './messages.ts'
export { simplexParameters, type SimplexParameters } from './parameters.ts'
export { simplex } from './simplex.ts'
