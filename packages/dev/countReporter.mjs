import { writeFileSync } from 'node:fs'

/** Makes a reporter that prints nothing and leaves the counts in the file that was asked for. */
export default function CountReporter() {
  return {
    onTestRunEnd: (modules, unhandledErrors) => {
      const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
      for (const module of modules) countModule(module, counts)
      writeFileSync(process.env.COUNTERPOISE_COUNTS_FILE, JSON.stringify(counts))
    },
  }
}

const countModule = (module, counts) => {
  // A file that does not load or a hook that throws has no failed test of its own.
  for (const group of [module, ...module.children.allSuites()]) {
    if (group.errors().length > 0) counts.failed += 1
  }
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed' || state === 'skipped') counts[state] += 1
    else counts.failed += 1 // Failed, or never finished.
  }
}
