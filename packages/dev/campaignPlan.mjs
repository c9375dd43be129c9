/**
 * The chunks of a campaign that are still to do, each with a seed of its own. Chunk k has the seed
 * `seed + k`, whatever the length of the campaign, so that parts and later runs add up.
 *
 * @param {{ plans: number, chunk: number, seed: number, part: [number, number] }} options
 * @param {readonly { seed: number, plans: number, code: string, tests: string }[]} done
 * @param {{ code: string, tests: string }} what which code is searched, and by which tests
 */
export const chunksToDo = ({ plans, chunk, seed, part: [index, parts] }, done, what) => {
  const all = Array.from({ length: Math.ceil(plans / chunk) }, (_, k) => ({
    seed: seed + k,
    plans: Math.min(chunk, plans - k * chunk),
  }))
  const isDone = (one) =>
    done.some(
      ({ code, plans: size, seed: own, tests }) =>
        own === one.seed && size >= one.plans && code === what.code && tests === what.tests,
    )
  return all.filter((one, k) => k % parts === index - 1 && !isDone(one))
}

/**
 * Plans and failures of each test, over all chunks of the same code; of a seed that was searched
 * twice, the longer search counts.
 *
 * @param {readonly { seed: number, plans: number, code: string, test: string, passed: boolean }[]}
 *   entries
 * @param {string} code
 */
export const totalsOf = (entries, code) => {
  const totals = {}
  const bySeed = {}
  for (const { code: own, passed, plans, seed, test } of entries) {
    if (own !== code) continue
    const total = (totals[test] ??= { plans: 0, failedSeeds: [] })
    const known = bySeed[`${test}/${seed}`] ?? 0
    if (passed) {
      total.plans += Math.max(0, plans - known)
      bySeed[`${test}/${seed}`] = Math.max(plans, known)
    } else if (!total.failedSeeds.includes(seed)) total.failedSeeds.push(seed)
  }
  return totals
}

/** Reads `--name value` and `--name=value`; what is left names the tests. */
export const readOptions = (given, environment) => {
  const options = { plans: Number(environment.FUZZ_RUNS || 100_000), chunk: 1_000, minutes: 0 }
  Object.assign(options, { seed: Number(environment.FUZZ_SEED || 1), part: [1, 1] })
  const tests = []
  const words = given.flatMap((word) => (/^--\w+=/.test(word) ? word.split('=') : word))
  for (let at = 0; at < words.length; at++) {
    const name = /^--(plans|chunk|minutes|seed|part)$/.exec(words[at])?.[1]
    if (name === undefined) {
      tests.push(words[at])
      continue
    }
    const value = words[++at] ?? ''
    const numbers = value.split('/').map(Number)
    const isPart = name === 'part'
    const isFit =
      numbers.every((each) => Number.isInteger(each)) &&
      numbers.length === (isPart ? 2 : 1) &&
      (name === 'seed' || numbers.every((each) => each >= 1)) &&
      (!isPart || numbers[0] <= numbers[1])
    if (!isFit || value === '') {
      const expected = isPart ? 'such as 2/4' : 'a whole number'
      throw new Error(`--${name} must be ${expected}, not "${value}".`)
    }
    options[name] = isPart ? numbers : numbers[0]
  }
  return { ...options, tests: tests.length > 0 ? tests : ['byzantine.property'] }
}
