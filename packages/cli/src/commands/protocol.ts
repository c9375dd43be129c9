import { formatDuration, parseDuration, type Time, toMs } from '@counterpoise/engine'
import {
  type DelayStatistics,
  type Estimate,
  marginsOf,
  measureProtocol,
  type ProtocolFigures,
  ProtocolUndecidedError,
} from '@counterpoise/lab'
import { comparedProtocols, nearest } from '@counterpoise/scenario'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { createRunLine } from '../progress.ts'
import { type ProtocolNetwork, readNetwork } from '../protocolNetwork.ts'

export type ProtocolFlags = {
  distribution?: string
  nodes?: number
  delay?: string
  lambda?: string
  crashed?: number
  decisions?: number
  replications?: number
  seed?: string
  json?: boolean
}

/** The protocols that the command knows. */
const protocolNames = Object.keys(comparedProtocols).join(', ')

const refuse = (complaint: string): ExitCode => {
  process.stderr.write(`${complaint}\n`)
  return exitCodes.usage
}

/** `counterpoise protocol <name>` */
export function protocolCommand(name: string, flags: ProtocolFlags): ExitCode {
  if (!Object.hasOwn(comparedProtocols, name)) {
    const near = nearest(name, Object.keys(comparedProtocols))
    const hint = near === undefined ? '' : ` (did you mean \`${near}\`?)`
    return refuse(`protocol: expected one of ${protocolNames}, found \`${name}\`${hint}`)
  }
  const { model, parameters } = comparedProtocols[name]!
  const network = readNetwork(flags)
  if (typeof network === 'string') return refuse(network)
  const lambda = flags.lambda === undefined ? undefined : parseDuration(flags.lambda)
  if (flags.lambda !== undefined && (lambda === undefined || lambda === 0)) {
    const expected = 'a span above 0 with its unit, such as 3s'
    return refuse(`--lambda: expected ${expected}, found \`${flags.lambda}\``)
  }
  const { crashed = 0, decisions, replications, seed } = flags
  const count = network.places.length
  const limit = model.faultLimit(count)
  if (crashed > limit) {
    const survives = `what \`${name}\` survives among ${count} members`
    return refuse(`--crashed: expected at most ${limit}, ${survives}, found ${crashed}`)
  }
  const line = createRunLine(process.stderr)
  const lambdaMs = lambda && toMs(lambda)
  const withTimeout = (ms?: number): unknown => model.parameters.parse(parameters(ms))
  let figures: ProtocolFigures
  try {
    figures = measureProtocol({
      ...{ model, withTimeout, parameters: withTimeout(lambdaMs), ...network },
      ...{ crashed, decisions, replications, seed, onProgress: line.show },
    })
  } catch (cause) {
    if (!(cause instanceof ProtocolUndecidedError)) throw cause
    line.end()
    process.stderr.write(`counterpoise protocol: ${cause.message}\n${hintOf(cause)}`)
    // Where there will be no decision, what the protocol promises does not hold.
    return cause.isStandstill ? exitCodes.livenessViolated : exitCodes.limit
  } finally {
    line.end()
  }
  if (flags.json === true) {
    const { protocol, n, ...rest } = figures
    const { distribution = null, delay = null } = flags
    const asked = { protocol, n, distribution, delay, lambda_ms: lambdaMs ?? null }
    process.stdout.write(`${JSON.stringify({ ...asked, ...rest }, null, 2)}\n`)
  } else process.stdout.write(tableOf(figures, network, lambda))
  return exitCodes.ok
}

/** The flag that would have helped, in the form in which it is read. */
const hintOf = ({ helpfulTimeout }: ProtocolUndecidedError): string =>
  helpfulTimeout === undefined
    ? ''
    : `Repeat it with --lambda ${formatDuration(helpfulTimeout).replaceAll(' ', '')}\n`

/** The units of times in a table: a larger one where the numbers would grow longer than this. */
const units = [
  { name: 'ms', ms: 1, decimals: 1, below: 100_000 },
  { name: 's', ms: 1_000, decimals: 2, below: 100_000 },
  { name: 'h', ms: 3_600_000, decimals: 2, below: Infinity },
]

type Unit = (typeof units)[number]

const inUnit = (timeMs: number, { ms, decimals }: Unit): string => (timeMs / ms).toFixed(decimals)

/** One replication tells nothing of how far another would be off. */
function marginText(decision: Estimate, unit: Unit): string {
  if (decision.ci95 === null) return ''
  const { up, down } = marginsOf(decision)
  const [above, below] = [inUnit(up, unit), inUnit(down, unit)]
  return `${above === below ? ` ± ${above}` : ` +${above} −${below}`} (95 %)`
}

function tableOf(
  figures: ProtocolFigures,
  { description }: ProtocolNetwork,
  lambda: Time | undefined,
): string {
  const { protocol, n, crashed, decisions, replications, seed } = figures
  const timeouts = lambda === undefined ? 'usual timeouts' : `lambda ${formatDuration(lambda)}`
  const taken = decisions === 1 ? '1 decision' : `${decisions} decisions`
  const runs = replications === 1 ? '1 run' : `each of ${replications} runs`
  const stages = stagesOf(figures)
  const { decision_ms: decision } = figures
  const largest = Math.max(decision.mean, ...stages.flatMap(({ times }) => times))
  const unit = units.find(({ ms, below }) => largest / ms < below)!
  return [
    `${protocol}, ${n} ${n === 1 ? 'member' : 'members'}, ${description}`,
    `${crashed} crashed, ${timeouts}, ${taken} in ${runs}, seed ${seed}`,
    '',
    ...aligned([
      [`${unit.name} from proposal`, 'mean', 'median', 'stdev'],
      ...stages.map(({ label, times }) => [label, ...times.map((time) => inUnit(time, unit))]),
    ]),
    '',
    `${unit.name} per decision`.padEnd(23) +
      `${inUnit(decision.mean, unit)}${marginText(decision, unit)}`,
    `views per decision     ${figures.views_per_decision.toFixed(2)}`,
    `messages per decision  ${figures.messages_per_decision.toFixed(1)}`,
    `bytes per decision     ${figures.bytes_per_decision.toFixed(0)}`,
    '',
  ].join('\n')
}

type StageRow = { label: string; times: number[] }

/** Mean, median and deviation of each stage, and below it of its regions, where it has several. */
function stagesOf({ stages }: ProtocolFigures): StageRow[] {
  const row = (label: string, { mean_ms, median_ms, stdev_ms }: DelayStatistics): StageRow => ({
    label,
    times: [mean_ms, median_ms, stdev_ms],
  })
  return Object.entries(stages).flatMap(([stage, { by_region, ...all }]) => {
    const regions = Object.entries(by_region)
    const parts = regions.length > 1 ? regions : []
    return [row(stage, all), ...parts.map(([name, part]) => row(`  ${name}`, part))]
  })
}

/** Lines of columns as wide as what they hold: the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)))
  const padded = (cell: string, k: number): string =>
    k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)
  return rows.map((row) => row.map(padded).join('  '))
}
