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

/** A latency matrix with a hole, of the wrong shape or with an impossible value. */
export class LatencyMatrixError extends BaseError {
  override name = 'LatencyMatrixError' as const

  constructor(at: string, expected: string, found: unknown) {
    super(`The latency matrix cannot be used: ${at}.`, {
      metaMessages: [`Expected: ${expected}.`, `Found:    ${String(found)}`],
    })
  }
}

/** Parameters of a latency model that cannot be. */
export class LatencyError extends BaseError {
  override name = 'LatencyError' as const
}

/** A place whose coordinates are missing or not on the globe. */
export class CoordinatesError extends BaseError {
  override name = 'CoordinatesError' as const

  constructor(place: string, found: unknown) {
    super(`The place '${place}' needs coordinates for its latency by distance.`, {
      metaMessages: [
        'Expected: a latitude from -90 to 90 and a longitude from -180 to 180, in degrees.',
        `Found:    ${found === undefined ? 'none' : JSON.stringify(found)}`,
      ],
    })
  }
}

/** A topology that cannot exist. */
export class TopologyError extends BaseError {
  override name = 'TopologyError' as const
}

/** Churn with impossible parameters. */
export class ChurnError extends BaseError {
  override name = 'ChurnError' as const
}

/** A fault of links that cannot be. */
export class LinkFaultError extends BaseError {
  override name = 'LinkFaultError' as const

  constructor(expected: string, found: unknown) {
    super(`A fault of links expects ${expected}.`, { metaMessages: [`Found: ${found}`] })
  }
}

/** A network with impossible options, or asked to do what it cannot. */
export class NetworkError extends BaseError {
  override name = 'NetworkError' as const

  constructor(what: string, expected: string, found: unknown) {
    super(what, {
      metaMessages: [
        `Expected: ${expected}.`,
        `Found:    ${typeof found === 'string' ? `'${found}'` : String(found)}`,
      ],
    })
  }
}
