import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder; every task runs there, wherever it was called from. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package.json of the top folder. */
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Where an installed command stands. */
export const tool = (name) => join(root, 'node_modules', '.bin', name)

/** Ends the process with a plain sentence when Node is older than `engines.node` asks for. */
export const requireNode = () => {
  const least = /\d+\.\d+/.exec(manifest.engines.node)[0]
  const [leastMajor, leastMinor] = least.split('.').map(Number)
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  console.error(`Counterpoise needs Node ${least} or newer; this is Node ${process.versions.node}.`)
  process.exit(1)
}

/** Thrown when a signal ended a command: what was to follow must not happen. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`Interrupted by ${signal}.`)
    this.signal = signal
  }
}

/**
 * Runs a command with this terminal, in the top folder by default, and answers with its exit code.
 * A signal sent to this process reaches the command first.
 */
export const run = (command, args, { cwd = root, env = plainEnv() } = {}) =>
  new Promise((resolve, reject) => {
    const shell = process.platform === 'win32' // There, commands are .cmd files.
    const child = spawn(command, args, { cwd, stdio: 'inherit', env, shell })
    let received
    const pass = (signal) => {
      received = signal
      // A terminal sends Ctrl-C to the whole group; a second one would make vitest give up at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of signals) process.on(signal, pass)
    const settle = (code, signal) => {
      for (const each of signals) process.off(each, pass)
      const fatal = received ?? signal
      if (fatal === null || fatal === undefined) resolve(code)
      else reject(new Interrupted(fatal))
    }
    child.on('error', (error) => {
      console.error(`Cannot run ${command}: ${error.message}`)
      settle(127, null)
    })
    child.on('exit', settle)
  })

/** The environment for a command: without colours where nobody sees them, as in a log file. */
export const plainEnv = () =>
  process.stdout.isTTY || process.env.FORCE_COLOR !== undefined
    ? process.env
    : { ...process.env, NO_COLOR: '1' }

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
