import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifest, plainEnv, root, run } from './processes.mjs'

const stampFile = join(root, 'node_modules', '.counterpoise-installed')

/**
 * Installs what the lockfile names, unless that was done already, and answers with an exit code.
 * The pinned pnpm comes through npx, so that neither pnpm nor corepack nor root is needed.
 */
export const installPackages = async () => {
  const stamp = currentStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 0
  console.log(`Installing packages with ${manifest.packageManager} ...`)
  const args = ['--yes', manifest.packageManager, '--dir', root, ...installArguments]
  // Called from elsewhere, npx takes its own copy of pnpm, not the one in the node_modules that
  // this very install may replace.
  const code = await run('npx', args, { cwd: tmpdir(), env: installEnv() })
  if (code === 0) writeFileSync(stampFile, stamp)
  return code
}

const installArguments = [
  'install',
  '--frozen-lockfile',
  '--prefer-offline',
  '--config.confirmModulesPurge=false', // Nobody may be there to answer.
  ...(process.stdout.isTTY ? [] : ['--loglevel=warn']), // No progress lines in a log.
]

/** Native packages differ between platforms, so a folder shared by two machines is stale in one. */
const currentStamp = () => {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'))
  const digest = createHash('sha256').update(lockfile).digest('hex')
  return `${digest} ${process.platform}-${process.arch}\n`
}

const installEnv = () => {
  const { NODE_ENV: _, ...env } = plainEnv() // `production` would leave the tools out.
  return env
}
