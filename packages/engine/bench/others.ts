import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Millions of events per second of a program that is no JavaScript, one figure per round. */
export type Other = { rates: (pending: number, events: number, rounds: number) => number[] }

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** `std::priority_queue`, compiled here and now; undefined where there is no g++. */
export function compilePriorityQueue(): { phold: Other; hold: Other } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'phold')
  const compiled = spawnSync('g++', ['-O2', '-o', program, source('phold.cpp')])
  if (compiled.status !== 0) return undefined
  const other = (mode: string): Other => ({
    rates: (...numbers) => linesOf(program, [mode, ...numbers.map(String)]),
  })
  return { phold: other('phold'), hold: other('hold') }
}

/** SimPy (3 and later, or the 2 of Debian's python3-simpy), where a Python has it. */
export function findSimpy(): Other | undefined {
  const python = ['python3', '/usr/bin/python3'].find((program) =>
    ['import simpy', 'import SimPy.Simulation'].some(
      (line) => spawnSync(program, ['-c', line]).status === 0,
    ),
  )
  if (python === undefined) return undefined
  return {
    rates: (...numbers) => linesOf(python, [source('phold.py'), ...numbers.map(String)]),
  }
}

/** Millions of events per second of PHOLD on a queue of ours, after a warm-up of its own. */
export function ownProcess(queue: string, pending: number, seconds: number): number {
  const args = ['--import', 'tsx', source('pholdRun.ts'), queue, `${pending}`, `${seconds}`]
  return linesOf(process.execPath, args)[0]!
}

function linesOf(program: string, args: readonly string[]): number[] {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return stdout.trim().split('\n').map(Number)
}
