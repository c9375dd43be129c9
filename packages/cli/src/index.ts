export { main } from './cli.ts'
export { type ExitCode, exitCodes } from './exitCodes.ts'
