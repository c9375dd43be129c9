import { readFileSync } from 'node:fs'
import {
  loadScenario,
  presets,
  resultTable,
  runScenario,
  scenarioOf,
  threads,
  vary,
} from 'counterpoise'
import { describe, expect, test, vi } from 'vitest'
import { roundRobin } from './roundRobin.ts'
import { runTempo } from './roundRobinRail.ts'

test('the first look prints what it found', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./firstLook.ts')
  expect(log).toHaveBeenCalledExactlyOnceWith(
    expect.toSatisfy((count: number) => count > 60),
    [],
    expect.stringMatching(/^[0-9a-f]{16}$/),
  )
  log.mockRestore()
})

test('the counter serves two at a time', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./counter.ts')
  expect(log.mock.calls.flat()).toEqual([
    'Ada was served after 3 minutes',
    'Barbara was served after 3 minutes',
    'Grace was served after 6 minutes',
  ])
  log.mockRestore()
})

test('the monitored desk prints what its page shows', async () => {
  const page = readFileSync(new URL('../docs/processes.md', import.meta.url), 'utf8')
  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./monitoring.ts')
  const shown = page.split('```text\n')[1]!.split('```')[0]!
  expect(`${log.mock.calls.flat().join('\n')}\n`).toBe(shown)
  log.mockRestore()
})

test('the fee market prints what its page shows', async () => {
  const page = readFileSync(new URL('../docs/bitcoin-mempool.md', import.meta.url), 'utf8')
  const shown = page.split('```text\n')[1]!.split('```')[0]!.trim().split('\n')
  const log = vi.spyOn(console, 'log').mockReturnValue()
  await import('./feeMarket.ts')
  expect(log.mock.calls.flat()).toEqual(shown)
  log.mockRestore()
})

test.each([
  'rails.bitcoin.mempool.rules=ancestors',
  'rails.bitcoin.mempool.fidelity=per-node',
  'rails.bitcoin.wallet.strategy="bitcoin estimate"',
  'rails.bitcoin.wallet.bump={"after":"30m","factor":1.5}',
])('the preset of Bitcoin takes %s', async (set) => {
  expect(await loadScenario('bitcoin', { set: [set] })()).toMatchObject({ _tag: 'Right' })
})

describe('networks and faults', () => {
  const page = readFileSync(new URL('../docs/networks-and-faults.md', import.meta.url), 'utf8')
  const blockOf = (language: string): string[] =>
    page.split(`\`\`\`${language}\n`)[1]!.split('```')[0]!.trim().split('\n')

  test('default: the script prints what the page shows', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue()
    await import('./cutOff.ts')
    expect(log.mock.calls.flat()).toEqual(blockOf('text'))
    log.mockRestore()
  })

  test.each(blockOf('sh'))('behavior: %s', async (command) => {
    const [, preset, set] = /^npx counterpoise \w+ (\w+) --set '(.*)'$/.exec(command)!
    expect(await loadScenario(preset!, { set: [set!] })()).toMatchObject({ _tag: 'Right' })
  })
})

describe('proof of stake', () => {
  const page = readFileSync(new URL('../docs/proof-of-stake.md', import.meta.url), 'utf8')

  test('sanctioned payments wait as the page shows', async () => {
    const shown = page.split('```text\n')[1]!.split('```')[0]!.trim().split('\n')
    const log = vi.spyOn(console, 'log').mockReturnValue()
    await import('./sanctioned.ts')
    expect(log.mock.calls.flat()).toEqual(shown)
    log.mockRestore()
  })

  const commands = page.split('```sh\n')[1]!.split('```')[0]!.trim().split('\n')

  test.each(commands)('behavior: %s', async (command) => {
    const set = /^npx counterpoise run ethereum --set '(.*)'$/.exec(command)![1]!
    expect(await loadScenario('ethereum', { set: [set] })()).toMatchObject({ _tag: 'Right' })
  })
})

test('no stale block among few leaves the stale rate as open as the page shows', async () => {
  const page = readFileSync(new URL('../docs/results.md', import.meta.url), 'utf8')
  const few = vary(presets['bitcoin-2025'], (draft) => {
    draft.blocks = 30
  })
  const { result } = await runScenario(scenarioOf(few), { replications: 2 })
  const { rows } = resultTable(result)
  const stale = rows.find(({ label }) => label === 'stale share')!
  const [shown] = page.split('```text\n')[1]!.split('\n')
  expect(`${stale.label}: ${stale.cells[0]}`).toBe(shown)
})

test('selfish mining earns what the formula says', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  log.mockClear()
  await import('./selfishMining.ts')
  const lines = log.mock.calls.map((call) => call.join(' '))
  log.mockRestore()
  expect(lines).toHaveLength(3)
  expect(lines[0]).toBe(
    'gamma 0 0.2: 0.128 (0.130)  0.25: 0.193 (0.195)  ' +
      '0.3: 0.271 (0.273)  0.35: 0.365 (0.367)  0.4: 0.480 (0.484)',
  )
  const pairs = lines.flatMap((line) => [...line.matchAll(/: (0\.\d+) \((0\.\d+)\)/g)])
  expect(pairs).toHaveLength(15)
  for (const [, simulated, exact] of pairs) {
    expect(Math.abs(Number(simulated) - Number(exact))).toBeLessThan(0.005)
  }
})

describe('Tempo by a model of its own', () => {
  test('behavior: all payments become final, and the run is another one', async () => {
    const digests = new Set<string>()
    for (const own of [false, true]) {
      const { result, runs } = await runTempo({ own, minutes: 1 })
      const { final, offered, time_to_finality_ms: toFinality } = runs[0]!.rails['tempo']!
      expect(result.checks).toEqual({ conservation: 'held', agreement: 'held', liveness: 'held' })
      expect(offered).toBeGreaterThan(10_000)
      expect(final).toBe(offered)
      expect(toFinality!.p50).toBeLessThan(1_500)
      digests.add(result.digest)
    }
    expect(digests.size).toBe(2)
  })

  test('error: threads refuse it', async () => {
    const options = { models: [roundRobin], executor: threads(2) }
    const run = runScenario(scenarioOf(presets.tempo), options)
    await expect(run).rejects.toThrow('need inProcess()')
  })
})

test('the example has at most 40 lines', () => {
  const text = readFileSync(new URL('./roundRobinRail.ts', import.meta.url), 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})
