export { fuzzParameters } from './fuzzParameters.ts'
export type { FuzzParameters } from './fuzzParameters.ts'
