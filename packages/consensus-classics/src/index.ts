export type { PbftMessage } from './pbft/messages.ts'
export { pbftParameters, type PbftParameters } from './pbft/parameters.ts'
export { pbft } from './pbft/pbft.ts'
