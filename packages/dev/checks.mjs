import { run, tool } from './processes.mjs'

/** Type-checks everything, tests included, and answers with an exit code. */
export const checkTypes = () => {
  console.log('Checking types ...')
  return run(tool('tsc'), ['--noEmit', '-p', 'packages/dev/tsconfig.check.json'])
}

/** Lints everything and answers with an exit code. */
export const checkLint = () => {
  console.log('Linting ...')
  return run(tool('oxlint'), ['--deny-warnings'])
}
