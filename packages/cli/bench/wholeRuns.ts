import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Told by a process when it ends: the CPU of all its threads, s, and its memory at most, MB. */
const telling = `
import { isMainThread } from 'node:worker_threads'
if (isMainThread) process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const megabytes = process.resourceUsage().maxRSS / 1024
  process.stderr.write('\\n' + JSON.stringify({ seconds: (user + system) / 1e6, megabytes }))
})`

const command = fileURLToPath(new URL('../bin/counterpoise.mjs', import.meta.url))

/** What one run of a preset costs as a whole process, its start included. */
export function wholeRun(preset: string): { seconds: number; megabytes: number } {
  const hook = `data:text/javascript,${encodeURIComponent(telling)}`
  const given = ['--import', hook, command, 'run', preset, '--json']
  const { status, stderr } = spawnSync(process.execPath, given, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`A run of ${preset} has failed:\n${stderr}`)
  return JSON.parse(stderr.trim().split('\n').at(-1)!) as { seconds: number; megabytes: number }
}
