import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runHere, smallRun, temporaryFolder } from './testing.ts'

const { folder, remove } = temporaryFolder()
afterAll(remove)

type Block = {
  id: number
  parent: number | null
  height: number
  miner: string | null
  time_ms: number
  bytes: number
  status: 'chain' | 'open' | 'stale'
}

const readJson = (...path: string[]): any => JSON.parse(readFileSync(join(...path), 'utf8'))

test('default: blocks.json holds every block, and the figures follow from it', async () => {
  const out = join(folder, 'forks')
  const parameters = 'rails.bitcoin.consensus.parameters'
  const ended = await runHere([
    ...['run', 'bitcoin-2015', '--out', out, '--set', 'blocks=300'],
    ...['--set', 'rails.bitcoin.relays.nodes=30', '--set', `${parameters}.targetIntervalMs=20000`],
    ...['--set', 'rails.bitcoin.network.producers={"links":[10,20]}'],
    ...['--set', 'rails.bitcoin.network.topology={"kind":"random"}'],
  ])
  expect(ended.code).toBe(0)
  const results = readJson(out, 'results.json')
  const file = readJson(out, 'blocks.json')
  expect(file).toMatchObject({ digest: results.digest, seed: results.seed, replication: 0 })
  const blocks: Block[] = file.rails.bitcoin
  const figures = results.rails.bitcoin.blocks

  const [first, ...made] = blocks
  expect(first).toEqual(
    { id: 0, parent: null, height: 0, miner: null, time_ms: 0, bytes: 0, status: 'chain' },
  )
  expect(made.length).toBe(300)
  for (const [k, { id, parent, height, time_ms }] of made.entries()) {
    expect(id).toBe(k + 1)
    expect(height).toBe(blocks[parent!]!.height + 1)
    expect(time_ms).toBeGreaterThanOrEqual(blocks[id - 1]!.time_ms)
  }
  const chain = made.filter(({ status }) => status === 'chain')
  const stale = made.filter(({ status }) => status === 'stale')
  // Each block of the chain stands on the one before it.
  expect(chain.map(({ parent }) => parent)).toEqual([0, ...chain.slice(0, -1).map(({ id }) => id)])
  expect(figures.count).toBe(chain.length)
  expect(stale.length).toBeGreaterThan(3)
  expect(figures.stale_share).toBeCloseTo(stale.length / 300, 12)
  for (const [miner, count] of Object.entries(figures.blocks_by_miner)) {
    expect(chain.filter((block) => block.miner === miner).length, miner).toBe(count)
  }
  expect(new Set(made.map(({ bytes }) => bytes))).toEqual(new Set([535_383]))
})

test('behavior: a chain that cannot fork has no such file', async () => {
  const out = join(folder, 'none')
  expect((await runHere([...smallRun('tempo'), '--out', out])).code).toBe(0)
  expect(existsSync(join(out, 'results.json'))).toBe(true)
  expect(existsSync(join(out, 'blocks.json'))).toBe(false)
})
