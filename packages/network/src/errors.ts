import { BaseError } from '@counterpoise/engine'

/** A region that the latency matrix does not know. */
export class UnknownRegionError extends BaseError {
  override name = 'UnknownRegionError' as const

  constructor(region: string, known: readonly string[]) {
    super(`The latency matrix has no region '${region}'.`, {
      metaMessages: [`Known regions: ${known.join(', ')}`],
    })
  }
}

/** A topology that cannot exist. */
export class TopologyError extends BaseError {
  override name = 'TopologyError' as const
}
