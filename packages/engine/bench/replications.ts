import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/** Replications of each thread before those that are measured. */
const warmUps = 3

type Bundler = { buildSync: (options: object) => unknown }

/** Replications per second of wall time on one thread and on two, and whether they agreed. */
export async function measureReplications(
  count: number,
): Promise<{ one: number; two: number; areEqual: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), 'counterpoise-bench-'))
  try {
    // One plain file, so that a thread needs no loader.
    const tsx = createRequire(import.meta.url).resolve('tsx/package.json')
    const { buildSync } = createRequire(tsx)('esbuild') as Bundler
    const script = join(folder, 'worker.mjs')
    const entry = fileURLToPath(new URL('replicationWorker.ts', import.meta.url))
    const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'error' }
    buildSync({ entryPoints: [entry], outfile: script, ...options })
    const one = await measureThreads(script, 1, count)
    const two = await measureThreads(script, 2, count)
    return {
      one: one.perSecond,
      two: two.perSecond,
      areEqual: one.digests.join() === two.digests.join(),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureThreads(
  script: string,
  threads: number,
  count: number,
): Promise<{ perSecond: number; digests: string[] }> {
  const workers = Array.from({ length: threads }, () => new Worker(script))
  const digests: string[] = []
  let next = 0
  // Each thread warms up before the clock starts: in the first replications its compiler takes part
  // of the second core, whether there is one thread or two.
  const warmUp = async (worker: Worker): Promise<void> => {
    for (let number = 0; number < warmUps; number++) await ask(worker, count + number)
  }
  await Promise.all(workers.map(warmUp))
  const start = performance.now()
  const work = async (worker: Worker): Promise<void> => {
    while (next < count) {
      const replication = next++
      digests[replication] = await ask(worker, replication)
    }
  }
  await Promise.all(workers.map(work))
  const seconds = (performance.now() - start) / 1_000
  await Promise.all(workers.map((worker) => worker.terminate()))
  return { perSecond: count / seconds, digests }
}

function ask(worker: Worker, replication: number): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (digest: string) => {
      worker.off('error', reject)
      resolve(digest)
    })
    worker.postMessage(replication)
  })
}
