import { comparedProtocols } from '@counterpoise/scenario'
import { describe, expect, test } from 'vitest'
import { runHere } from './testing.ts'

const small = ['--decisions', '3', '--replications', '2', '--json']

describe('protocol', () => {
  test.each(Object.keys(comparedProtocols))('default: %s as JSON', async (name) => {
    const flags = ['--nodes', '6', '--delay', 'constant:40', '--lambda', '3s', ...small]
    const { code, stdout, stderr } = await runHere(['protocol', name, ...flags])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const figures = JSON.parse(stdout)
    expect(Object.keys(figures)).toEqual([
      'protocol',
      'n',
      'distribution',
      'delay',
      'lambda_ms',
      'crashed',
      'decisions',
      'replications',
      'seed',
      'version',
      'parameters',
      'stages',
      'decision_ms',
      'views_per_decision',
      'messages_per_decision',
      'bytes_per_decision',
    ])
    expect(figures).toMatchObject({ protocol: name, n: 6, views_per_decision: 1 })
    const asked = { delay: 'constant:40', lambda_ms: 3_000, decisions: 3, replications: 2 }
    expect(figures).toMatchObject({ distribution: null, ...asked, crashed: 0, seed: 'protocol' })
    expect(Object.values(figures.parameters)).toContain(3_000)
    for (const stage of ['received', 'notarised', 'finalised']) {
      const keys = ['mean_ms', 'median_ms', 'stdev_ms']
      expect(Object.keys(figures.stages[stage])).toEqual([...keys, 'by_region'])
      expect(Object.keys(figures.stages[stage].by_region.anywhere)).toEqual(keys)
    }
    expect(figures.stages.received.median_ms).toBe(40)
    expect(figures.decision_ms.ci95).toBe(0)
  })

  test('default: a table, by region', async () => {
    const distribution = ['--distribution', 'us-east-1:3,eu-west-1:2', '--replications', '2']
    const { code, stdout } = await runHere(['protocol', 'simplex', ...distribution])
    expect(code).toBe(0)
    expect(stdout).toContain('simplex, 5 members, measured latencies')
    expect(stdout).toMatch(/^ {2}eu-west-1 +\d+\.\d +\d+\.\d +\d+\.\d$/m)
  })

  test('behavior: the table has a margin where there is more than one replication', async () => {
    const lineOf = async (replications: string): Promise<string> => {
      const flags = ['--nodes', '4', '--delay', 'normal:100,50', '--replications', replications]
      const { stdout } = await runHere(['protocol', 'pbft', ...flags])
      return stdout.split('\n').find((line) => line.startsWith('ms per decision'))!
    }
    expect(await lineOf('1')).toMatch(/^ms per decision +\d+\.\d$/)
    expect(await lineOf('3')).toMatch(/^ms per .* \d+\.\d ± \d+\.\d \(95 %\)$/)
  })

  test.each([
    ['constant:1d', '10d', 'h'],
    ['constant:100s', '1h', 's'],
    ['constant:10s', '1h', 'ms'],
  ])('behavior: with delays %s, columns do not run together', async (delay, lambda, unit) => {
    const flags = ['--nodes', '4', '--delay', delay, '--lambda', lambda, '--replications', '2']
    const { stdout } = await runHere(['protocol', 'pbft', ...flags])
    const [header, ...rows] = stdout.split('\n\n')[1]!.split('\n')
    expect(header).toMatch(new RegExp(`^${unit} from proposal {2,}mean {2,}median {2,}stdev$`))
    for (const row of rows) {
      expect(row).toMatch(/^[a-z]+( {2,}\d{1,5}\.\d{1,2}){3}$/)
      expect(row).toHaveLength(header!.length)
    }
    expect(stdout).toMatch(new RegExp(`^${unit} per decision +\\d+\\.`, 'm'))
  })

  test('behavior: a member alone is one member', async () => {
    const flags = ['--nodes', '1', '--delay', 'constant:40', '--replications', '2']
    const { stdout } = await runHere(['protocol', 'pbft', ...flags])
    expect(stdout).toMatch(/^pbft, 1 member, delays constant:40 ms\n/)
  })

  test('behavior: the table says what was asked for', async () => {
    const asked = ['--crashed', '1', '--lambda', '3s', '--seed', 'x', '--replications', '2']
    const flags = ['protocol', 'pbft', '--nodes', '4', '--delay', 'constant:40']
    const second = ({ stdout }: { stdout: string }): string => stdout.split('\n')[1]!
    expect(second(await runHere([...flags, ...asked]))).toBe(
      '1 crashed, lambda 3s, 10 decisions in each of 2 runs, seed x',
    )
    expect(second(await runHere(flags))).toBe(
      '0 crashed, usual timeouts, 10 decisions in each of 10 runs, seed protocol',
    )
  })

  test('behavior: a standstill has the exit code of liveness, and no result', async () => {
    const flags = ['--nodes', '4', '--crashed', '1', '--delay', 'constant:100']
    const { code, stdout, stderr } = await runHere(['protocol', 'hotstuff', ...flags, ...small])
    expect({ code, stdout }).toEqual({ code: 128, stdout: '' })
    expect(stderr).toMatch(/^counterpoise protocol: 'hotstuff' came to a standstill with no dec/)
    expect(stderr).not.toContain('--lambda')
  })

  test('behavior: a search that is cut off has that of a limit, and names a flag', async () => {
    const flags = ['protocol', 'simplex', '--nodes', '4', '--delay', 'constant:1000', ...small]
    const { code, stdout, stderr } = await runHere([...flags, '--lambda', '1ms'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^counterpoise protocol: The search was cut off: 'simplex' had taken/)
    const repeated = /^Repeat it with (--lambda) (\S+)$/m.exec(stderr)!
    expect((await runHere([...flags, ...repeated.slice(1)])).code).toBe(0)
  })

  test.each([
    ['normal:250ms,50ms', 'normal:250,50'],
    ['normal:0.25s, 50', 'normal:250,50'],
    ['constant:1m', 'constant:60000'],
    ['lognormal:250ms,0.5', 'lognormal:250,0.5'],
  ])('behavior: the delay %s is %s in ms', async (withUnits, plain) => {
    const flags = ['protocol', 'pbft', '--nodes', '4', '--lambda', '10m', ...small, '--delay']
    const [one, other] = [await runHere([...flags, withUnits]), await runHere([...flags, plain])]
    const { delay, ...figures } = JSON.parse(one.stdout)
    expect({ code: one.code, delay }).toEqual({ code: 0, delay: withUnits })
    expect(JSON.parse(other.stdout)).toEqual({ ...figures, delay: plain })
    const table = await runHere([...flags.filter((flag) => flag !== '--json'), withUnits])
    expect(table.stdout).toContain(`delays ${withUnits}\n`)
  })

  test.each([
    [['simple'], 'expected one of simplex'],
    [['simplex'], 'expected either --distribution or --nodes'],
    [['simplex', '--nodes', '4'], 'expected --delay with it'],
    [['simplex', '--nodes', '4', '--delay', 'normal:250'], 'found `normal:250`'],
    [['simplex', '--nodes', '4', '--delay', 'normal:-250,1'], 'found `normal:-250,1`'],
    [['simplex', '--nodes', '4', '--delay', 'constant:1,2'], 'found `constant:1,2`'],
    [['simplex', '--nodes', '4', '--delay', 'constant:'], 'in ms or with units, found `constant:`'],
    [['simplex', '--nodes', '4', '--delay', 'lognormal:5ms,1s'], 'found `lognormal:5ms,1s`'],
    [['simplex', '--nodes', '4', '--delay', 'lognormal:5,900'], 'at most 100 days'],
    [['simplex', '--nodes', '4', '--delay', 'constant:1e12'], 'at most 100 days'],
    [['simplex', '--nodes', '4000', '--delay', 'constant:1'], 'at most 1000 members'],
    [['simplex', '--distribution', 'us-east:3'], 'did you mean `us-east-1`'],
    [['simplex', '--distribution', 'us-east-1'], 'expected region:count'],
    [['simplex', '--distribution', 'us-east-1:0'], 'expected region:count'],
    [['simplex', '--distribution', 'us-east-1:4', '--lambda', '3'], 'a span above 0 with its unit'],
    [['simplex', '--distribution', 'us-east-1:4', '--crashed', '2'], 'expected at most 1'],
  ])('behavior: %j is refused', async (flags, complaint) => {
    const { code, stdout, stderr } = await runHere(['protocol', ...flags])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(complaint)
  })
})
