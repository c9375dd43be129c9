import type { Parameters } from 'fast-check'

/** The part of fast-check's parameters that says how long to search and where to start. */
export type FuzzParameters = Pick<Parameters, 'numRuns' | 'seed' | 'path'>

/** Every run draws the same cases unless told otherwise, so that a red test stays red. */
const defaultSeed = 20261122

/**
 * How a property is searched. `FUZZ_RUNS` replaces the number of runs, `FUZZ_SEED` the seed, and
 * `FUZZ_PATH` goes straight to a counterexample (fast-check prints both when a property fails).
 *
 * @example
 * fc.assert(fc.property(fc.integer(), (n) => n + 0 === n), fuzzParameters(100))
 */
export const fuzzParameters = (
  defaultRuns: number,
  environment: Record<string, string | undefined> = process.env,
): FuzzParameters => {
  const path = environment['FUZZ_PATH']
  return {
    numRuns: integerOf(environment, 'FUZZ_RUNS') ?? defaultRuns,
    seed: integerOf(environment, 'FUZZ_SEED') ?? defaultSeed,
    ...(path ? { path } : {}),
  }
}

/** How long a search may take, ms: as given, or without a limit (0) where `FUZZ_RUNS` is set. */
export const fuzzTimeout = (
  defaultMs: number,
  environment: Record<string, string | undefined> = process.env,
): number => (environment['FUZZ_RUNS'] ? 0 : defaultMs)

const integerOf = (
  environment: Record<string, string | undefined>,
  name: string,
): number | undefined => {
  const text = environment[name]
  if (!text) return undefined
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} must be an integer, not "${text}".`)
  return Number(text)
}
