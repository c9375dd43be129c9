import { main } from './cli.ts'

const code = await main(process.argv.slice(2))
// A result that could not be written has said so already.
process.exitCode ??= code
