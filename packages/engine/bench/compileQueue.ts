import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The compiler, by the version that made what is in the repository. npm fetches it when asked. */
export const compiler = 'assemblyscript@0.28.20'
const folder = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(folder, 'src', 'wasmModule.ts')
const flags = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
  // The caller brings the memory; what the compiler itself would put there goes out of the way.
  ...['--importMemory', '--initialMemory', '1', '--memoryBase', '65000'],
]

/** The module as it comes from the sources, or why it does not. */
export function compileQueue(timeout = 180_000): { text: string } | { reason: string } {
  const place = mkdtempSync(join(tmpdir(), 'counterpoise-queue-'))
  try {
    const out = join(place, 'queue.wasm')
    const command = ['-y', '-p', compiler, 'asc', 'assembly/index.ts', '-o', out, ...flags]
    const { status, stderr } = spawnSync('npx', command, {
      cwd: folder,
      encoding: 'utf8',
      timeout,
    })
    if (status !== 0) return { reason: stderr.trim() || 'it took too long' }
    return { text: moduleText(readFileSync(out)) }
  } finally {
    rmSync(place, { recursive: true })
  }
}

function moduleText(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').match(/.{1,92}/g) ?? []
  return `/** Made from \`assembly/\` by \`bench/compileQueue.ts\`: change nothing here. */
export const wasmModule =
${lines.map((line) => `  '${line}'`).join(' +\n')}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const compiled = compileQueue()
  if ('reason' in compiled) {
    console.error(compiled.reason)
    process.exitCode = 1
  } else {
    writeFileSync(target, compiled.text)
    console.log(`Written: ${target}`)
  }
}
