export { hotstuff, jolteon } from './hotstuff.ts'
export type { HotStuffMessage } from './messages.ts'
export { hotStuffParameters, type HotStuffParameters } from './parameters.ts'
