import { parseDuration, toMs } from '@counterpoise/engine'
import { measureProtocol, type ProtocolFigures, ProtocolStalledError } from '@counterpoise/lab'
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
  let figures: ProtocolFigures
  try {
    figures = measureProtocol({
      model,
      parameters: model.parameters.parse(parameters(lambda && toMs(lambda))),
      ...network,
      ...{ crashed, decisions, replications, seed },
      onProgress: line.show,
    })
  } catch (cause) {
    // Members that are up and take no decision: what the protocol promises does not hold.
    if (!(cause instanceof ProtocolStalledError)) throw cause
    line.end()
    process.stderr.write(`counterpoise protocol: ${cause.message}\n`)
    return exitCodes.livenessViolated
  } finally {
    line.end()
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  else process.stdout.write(tableOf(figures, network, replications === 1))
  return exitCodes.ok
}

/** One replication tells nothing of how far another would be off. */
const marginText = (ci95: number, isAlone: boolean): string =>
  isAlone ? '' : ` ± ${ci95.toFixed(1)} (95 %)`

const number = (value: number): string => value.toFixed(1).padStart(10)

function tableOf(
  figures: ProtocolFigures,
  { description }: ProtocolNetwork,
  isAlone: boolean,
): string {
  const { protocol, n, stages, decision_ms: decision } = figures
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
    '',
    'ms from proposal        mean    median     stdev',
    ...rows,
    '',
    `ms per decision        ${decision.mean.toFixed(1)}${marginText(decision.ci95, isAlone)}`,
    `views per decision     ${figures.views_per_decision.toFixed(2)}`,
    `messages per decision  ${figures.messages_per_decision.toFixed(1)}`,
    `bytes per decision     ${figures.bytes_per_decision.toFixed(0)}`,
    '',
  ].join('\n')
}
