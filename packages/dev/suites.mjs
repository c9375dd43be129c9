/** The figures of the others join those of the engine, in the same file. */
const suites = ['engine', 'network', 'consensus-pow', 'consensus-pos', 'scenario', 'cli']

/** The packages whose benchmarks `npm run bench` runs; to a question all of them say the same. */
export const suitesFor = (flags) =>
  flags.some((flag) => flag === '--help' || flag === '-h') ? suites.slice(0, 1) : suites
