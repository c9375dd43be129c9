import { BaseError } from '@counterpoise/engine'
import { version } from '@counterpoise/lab'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { MineFlags } from './commands/mineFlags.ts'
import type { ProtocolFlags } from './commands/protocol.ts'
import type { RunFlags } from './commands/run.ts'
import { type ExitCode, exitCodes } from './exitCodes.ts'

/** Runs the command line and returns its exit code; it never throws. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  listenFor(process.stdout, onResultError)
  listenFor(process.stderr, onProgressError)
  let code: ExitCode = exitCodes.ok
  const program = createProgram((result) => {
    code = result
  })
  try {
    await program.parseAsync(argv as string[], { from: 'user' })
    return code
  } catch (cause) {
    if (!(cause instanceof CommanderError)) return crashed(cause)
    return cause.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
}

type OnError = (error: NodeJS.ErrnoException) => void

function listenFor(stream: NodeJS.WriteStream, onError: OnError): void {
  if (!stream.listeners('error').includes(onError)) stream.on('error', onError)
}

/** Where nobody can be told of it, nobody is: the result counts. */
function onProgressError(): void {}

function onResultError({ code, message }: NodeJS.ErrnoException): void {
  // A reader that has seen enough (`| head`) is no error; of others the first says it all.
  if (code === 'EPIPE' || process.exitCode === exitCodes.unwritten) return
  const reason = code === 'ENOSPC' ? 'there is no space left' : message
  process.stderr.write(`counterpoise: cannot write the result: ${reason}\n`)
  process.exitCode = exitCodes.unwritten
}

function crashed(cause: unknown): ExitCode {
  const message = cause instanceof Error ? cause.message : String(cause)
  process.stderr.write(`counterpoise: ${message}\n`)
  if (!(cause instanceof BaseError)) {
    process.stderr.write('This is a defect of the simulator. Please report it with your command.\n')
  }
  if (process.env['DEBUG'] !== undefined && cause instanceof Error) {
    process.stderr.write(`${cause.stack}\n`)
  }
  return exitCodes.crash
}

function createProgram(end: (code: ExitCode) => void): Command {
  const program = new Command('counterpoise')
    .description('A discrete-event simulator of hybrid payment networks.')
    .version(version)
    .exitOverride()

  program
    .command('run')
    .description('run a scenario file or a preset')
    .argument('<scenario>', 'a .json or .yaml file, or the name of a preset')
    .option('--seed <text>', 'the seed of all randomness')
    .option('--replications <count>', 'runs with fresh randomness', positiveInteger)
    .option('--until <span>', 'end at this simulated time, e.g. 10m')
    .option('--out <folder>', 'write results and the report here')
    .option('--json', 'print one JSON document and nothing else')
    .option('--set <path=value>', 'change one value; may be repeated', assignments, [])
    .option('--threads <count>', 'worlds to run at once', positiveInteger)
    .option('--profile', 'print where events and time went, on stderr')
    .action(async (scenario: string, flags: RunFlags) => {
      const { runCommand } = await import('./commands/run.ts')
      end(await runCommand(scenario, flags))
    })

  addMine(program, end)

  program
    .command('presets')
    .description('list the scenarios that come with the simulator')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => end((await inspect()).presetsCommand(flags)))

  program
    .command('show')
    .description('print a preset as JSON, with the sources of its values')
    .argument('<preset>')
    .action(async (preset: string) => end((await inspect()).showCommand(preset)))

  program
    .command('validate')
    .description('check a scenario without running it')
    .argument('<scenario>', 'a .json or .yaml file, or the name of a preset')
    .option('--set <path=value>', 'change one value; may be repeated', assignments, [])
    .action(async (scenario: string, flags: { set: string[] }) =>
      end(await (await inspect()).validateCommand(scenario, flags)),
    )

  program
    .command('schema')
    .description('print the JSON Schema of a scenario, for editors')
    .action(async () => end((await inspect()).schemaCommand()))

  addProtocolCommand(program, end)
  for (const command of [program, ...program.commands]) {
    const name = command === program ? 'counterpoise' : `counterpoise ${command.name()}`
    command.showHelpAfterError(`(${name} --help shows what there is)`)
  }
  return program
}

/** A command loads what it needs, so that those that need little begin at once. */
const inspect = (): Promise<typeof import('./commands/inspect.ts')> =>
  import('./commands/inspect.ts')

function addProtocolCommand(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('protocol')
    .description('measure a consensus protocol over a network in which only messages take time')
    .argument('<protocol>', 'simplex, pbft, …: a wrong one lists them all')
    .option('--distribution <list>', 'members by region, e.g. us-east-1:3,eu-west-1:2')
    .option('--nodes <count>', 'members at no place in particular; needs --delay', positiveInteger)
    .option(
      '--delay <law>',
      'of every message, in ms or with units: normal:250ms,50ms (mean, stdev), constant:0.1s, ' +
        'lognormal:250,0.5 (median, sigma)',
    )
    .option('--lambda <span>', "the protocol's timeout parameter, with its unit: 3s, 500ms")
    .option('--crashed <count>', 'members that never take part', wholeNumber)
    .option('--decisions <count>', 'length of a chain of decisions (10)', positiveInteger)
    .option('--replications <count>', 'runs with fresh randomness (10)', positiveInteger)
    .option('--seed <text>', 'the seed of all randomness')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (name: string, flags: ProtocolFlags) => {
      const { protocolCommand } = await import('./commands/protocol.ts')
      end(protocolCommand(name, flags))
    })
}

function addMine(program: Command, end: (code: ExitCode) => void): void {
  program
    .command('mine')
    .description('mine blocks without a network: forks, revenue, attacks')
    .option('--pools <year>', 'published shares of the hash rate: 2016 or 2025 (the default)')
    .option('--shares <list>', 'parts of the hash rate, e.g. 0.5,0.3,0.2')
    .option('--interval <span>', 'mean time between blocks', '600s')
    .option(
      '--delay <span>',
      'until another miner hears: 2s, exponential:2s, lognormal:2s:0.6',
      '0',
    )
    .option('--retarget', "adjust the difficulty by Bitcoin's rule")
    .option('--attack <kind>', 'what the first miner does, e.g. selfish or double-spend')
    .option('--alpha <share>', 'share of an attacker added to the miners, 0 to 1', number)
    .option('--gamma <share>', 'part of the others on its side in a tie, 0 to 1', number)
    .option('--confirmations <count>', 'double spend: what the merchant waits for', positiveInteger)
    .option('--premined <count>', 'double spend: blocks in hand at the payment', wholeNumber)
    .option('--target-share <share>', 'feather fork: part of the blocks it objects to', number)
    .option('--give-up <count>', 'feather fork: gives in at this depth', positiveInteger)
    .option('--blocks <count>', 'blocks to find', positiveInteger, 100_000)
    .option('--replications <count>', 'runs with fresh randomness', positiveInteger, 10)
    .option('--seed <text>', 'the seed of all randomness', 'mine')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (flags: MineFlags) => {
      const { mineCommand } = await import('./commands/mine.ts')
      end(mineCommand(flags))
    })
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('Expected a number of at least 0.')
}

function assignments(text: string, previous: readonly string[]): string[] {
  if (text.trim().indexOf('=') > 0) return [...previous, text]
  throw new InvalidArgumentError('Expected path=value, such as workload.for=5m.')
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('Expected a whole number of at least 0.')
}

function positiveInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('Expected a whole number above 0.')
}
