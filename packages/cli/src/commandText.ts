import type { RunFlags } from './commands/run.ts'

/** The command that runs the same again: what shapes the result, not what is done with it. */
export function commandText(nameOrFile: string, flags: RunFlags): string {
  const { seed, until, replications, set } = flags
  const words = [
    ...['npx', 'counterpoise', 'run', nameOrFile],
    ...set.flatMap((assignment) => ['--set', assignment]),
    ...(seed === undefined ? [] : ['--seed', seed]),
    ...(until === undefined ? [] : ['--until', until]),
    ...(replications === undefined ? [] : ['--replications', String(replications)]),
  ]
  return words.map(quote).join(' ')
}

/** A word of a command line: in quotes where a shell would read something else. */
const quote = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
