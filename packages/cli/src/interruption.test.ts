import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

type End = { code: number | null; signal: NodeJS.Signals | null; text: string }

/**
 * A process that listens and is busy for a while, as a world in its thread is, and lives on for
 * longer. It is sent a signal at each of these times after its thread has become busy, ms.
 */
function signalled(times: readonly number[], busyMs: number): Promise<End> {
  const source = pathToFileURL(join(import.meta.dirname, 'interruption.ts')).href
  const code = `
    import { watchInterruption } from '${source}'
    const busyFor = (ms) => { const end = Date.now() + ms; while (Date.now() < end); }
    const { signal } = watchInterruption()
    signal.addEventListener('abort', () => process.stdout.write('aborted '))
    setTimeout(() => {
      process.stdout.write('busy ')
      busyFor(${busyMs})
      setTimeout(() => process.stdout.write('still here'), 1_000)
    })`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
  })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      if (text === '') for (const ms of times) setTimeout(() => child.kill('SIGINT'), ms)
      text += chunk
    })
    child.on('error', reject)
    child.on('close', (exit, signal) => resolve({ code: exit, signal, text }))
  })
}

test('default: the first Ctrl-C aborts', async () => {
  const text = 'busy aborted still here'
  expect(await signalled([0], 100)).toEqual({ code: 0, signal: null, text })
})

test.each([
  ['while the thread is busy', [0, 50], 500],
  ['when the first has been seen', [0, 600], 100],
])('behavior: a second one ends the process, %s', async (_, times, busyMs) => {
  const { code, signal, text } = await signalled(times, busyMs)
  expect({ code, signal, text }).toEqual({ code: null, signal: 'SIGINT', text: 'busy aborted ' })
})
