import { fetchTimeoutMs } from '@counterpoise/consensus/parts'
import { ms, type Time } from '@counterpoise/engine'
import * as z from 'zod'

export const minimmitParameters = z.strictObject({
  viewTimeoutMs: z
    .number()
    .positive()
    .default(1_200)
    .describe(
      'ms that a view waits for its proposal before it is given up; twice the bound on delays ' +
        'where that is known. Default as the leader timeout of Simplex in tempoxyz/tempo d656ef5.',
    ),
  retryMs: z
    .number()
    .positive()
    .default(10_000)
    .describe('ms between two broadcasts of the same nullify vote. As Simplex in tempo d656ef5.'),
  pacingMs: z
    .number()
    .nonnegative()
    .default(100)
    .describe('ms from entering a view to its proposal, in which payments gather. Assumed.'),
  fetchTimeoutMs,
  headerBytes: z
    .int()
    .nonnegative()
    .default(800)
    .describe('Bytes of a block on top of its payments; as Simplex.'),
})

export type MinimmitParameters = z.output<typeof minimmitParameters>

export type Settings = {
  viewTimeout: Time
  retry: Time
  pacing: Time
  fetchTimeout: Time
  headerBytes: number
}

export function toSettings(parameters: MinimmitParameters): Settings {
  return {
    viewTimeout: ms(parameters.viewTimeoutMs),
    retry: ms(parameters.retryMs),
    pacing: ms(parameters.pacingMs),
    fetchTimeout: ms(parameters.fetchTimeoutMs),
    headerBytes: parameters.headerBytes,
  }
}
