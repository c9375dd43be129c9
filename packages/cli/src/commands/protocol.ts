import { formatDuration, parseDuration, type Time, toMs } from '@counterpoise/engine'
import { measureProtocol, type ProtocolFigures, ProtocolUndecidedError } from '@counterpoise/lab'
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

/** One replication tells nothing of how far another would be off. */
const marginText = (ci95: number | null): string =>
  ci95 === null ? '' : ` ± ${ci95.toFixed(1)} (95 %)`

const number = (value: number): string => value.toFixed(1).padStart(10)

function tableOf(
  figures: ProtocolFigures,
  { description }: ProtocolNetwork,
  lambda: Time | undefined,
): string {
  const { protocol, n, stages, decision_ms: decision } = figures
  const { crashed, decisions, replications, seed } = figures
  const timeouts = lambda === undefined ? 'usual timeouts' : `lambda ${formatDuration(lambda)}`
  const taken = decisions === 1 ? '1 decision' : `${decisions} decisions`
  const runs = replications === 1 ? '1 run' : `each of ${replications} runs`
  const rows = Object.entries(stages).flatMap(([stage, { by_region: regions, ...all }]) => {
    const own = Object.entries(regions)
    const parts = own.length > 1 ? own : []
    return [['', all] as const, ...parts].map(([region, { mean_ms, median_ms, stdev_ms }]) => {
      const label = region === '' ? stage : `  ${region}`
      return `${label.padEnd(18)}${[mean_ms, median_ms, stdev_ms].map(number).join('')}`
    })
  })
  return [
    `${protocol}, ${n} ${n === 1 ? 'member' : 'members'}, ${description}`,
    `${crashed} crashed, ${timeouts}, ${taken} in ${runs}, seed ${seed}`,
    '',
    'ms from proposal        mean    median     stdev',
    ...rows,
    '',
    `ms per decision        ${decision.mean.toFixed(1)}${marginText(decision.ci95)}`,
    `views per decision     ${figures.views_per_decision.toFixed(2)}`,
    `messages per decision  ${figures.messages_per_decision.toFixed(1)}`,
    `bytes per decision     ${figures.bytes_per_decision.toFixed(0)}`,
    '',
  ].join('\n')
}
