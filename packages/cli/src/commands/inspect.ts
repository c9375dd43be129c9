import {
  formatScenarioError,
  loadScenario,
  nearest,
  presets,
  type ScenarioError,
  scenarioJsonSchema,
} from '@counterpoise/scenario'
import { isLeft } from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../exitCodes.ts'

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** One message per line on stderr, and the exit code that goes with it. */
export function reportInvalid(file: string, errors: readonly ScenarioError[]): ExitCode {
  for (const error of errors) process.stderr.write(`${formatScenarioError(error, file)}\n`)
  return exitCodes.invalidScenario
}

/** `counterpoise presets` */
export function presetsCommand({ json = false }: { json?: boolean }): ExitCode {
  const list = Object.entries(presets).map(([name, { description }]) => ({ name, description }))
  if (json) print(JSON.stringify(list, null, 2))
  else {
    const width = Math.max(...list.map(({ name }) => name.length))
    for (const { name, description } of list) print(`${name.padEnd(width)}  ${description}`)
  }
  return exitCodes.ok
}

/** `counterpoise show <preset>` */
export function showCommand(name: string): ExitCode {
  if (Object.hasOwn(presets, name)) {
    print(JSON.stringify(Reflect.get(presets, name), null, 2))
    return exitCodes.ok
  }
  const known = Object.keys(presets)
  const near = nearest(name, known)
  const hint = near === undefined ? '' : ` (did you mean \`${near}\`?)`
  process.stderr.write(`expected one of ${known.join(', ')}, found \`${name}\`${hint}\n`)
  return exitCodes.invalidScenario
}

/** `counterpoise validate <scenario>` */
export async function validateCommand(
  nameOrFile: string,
  flags: { set: readonly string[] },
): Promise<ExitCode> {
  const loaded = await loadScenario(nameOrFile, { set: flags.set })()
  if (isLeft(loaded)) return reportInvalid(nameOrFile, loaded.left)
  const { data, hash } = loaded.right
  print(`${nameOrFile} is valid: ${data.name}, hash ${hash}`)
  return exitCodes.ok
}

/** `counterpoise schema` */
export function schemaCommand(): ExitCode {
  print(JSON.stringify(scenarioJsonSchema(), null, 2))
  return exitCodes.ok
}
