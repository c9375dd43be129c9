export { fuzzParameters, fuzzTimeout } from './fuzzParameters.ts'
export type { FuzzParameters } from './fuzzParameters.ts'
