import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from './cli.ts'

/** What came of a command. */
export type Ended = {
  code: number | null
  signal?: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Runs a command in this process, its output caught. */
export async function runHere(argv: readonly string[]): Promise<Ended> {
  const caught = { stdout: '', stderr: '' }
  const originals = { stdout: process.stdout.write, stderr: process.stderr.write }
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: string | Uint8Array): boolean => {
      caught[name] += String(chunk)
      return true
    }
  }
  try {
    const code = await main(argv)
    return { code, ...caught }
  } finally {
    process.stdout.write = originals.stdout
    process.stderr.write = originals.stderr
  }
}

export const executable = join(import.meta.dirname, '..', 'bin', 'counterpoise.mjs')

/**
 * Runs a command as a process of its own.
 *
 * @param onStderr Sees what the process has said so far on stderr, and may send it signals.
 */
export function runThere(
  argv: readonly string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [executable, ...argv])
    const caught = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (caught.stdout += chunk))
    child.stderr.on('data', (chunk) => {
      caught.stderr += chunk
      onStderr?.(caught.stderr, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...caught }))
  })
}

/** Changes to a preset of one rail that make it small: half a minute of a few payments. */
export const smallRun = (preset: string): string[] => [
  ...['run', preset, '--set', 'workload.for=30s', '--set', 'drain=30s'],
  ...['--set', 'workload.arrivals[0].ratePerSecond=4'],
]

/** A fresh folder, and what takes it away again. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-cli-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
