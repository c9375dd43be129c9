/** A node's number within its network, from 0. */
export type NodeId = number

/** What a node has in common with others, and with whom it therefore fails. */
export type Attributes = {
  /** Where it stands, by the name of the latency matrix's region, e.g. `us-east-1`. */
  region: string
  /** Who runs it. */
  operator: string
  /** Whose machines it runs on, e.g. `aws`. */
  cloud?: string | undefined
  country?: string | undefined
  /** The software it runs. */
  client?: string | undefined
  /** The autonomous system that routes its traffic, e.g. `AS16509`. */
  autonomousSystem?: string | undefined
}

/** A point on the globe, in degrees. */
export type Coordinates = {
  /** From −90 (south) to 90 (north). */
  latitude: number
  /** From −180 (west) to 180 (east). */
  longitude: number
}

/** One node of a network. */
export type Place = {
  name: string
  attributes: Attributes
  /** Where it lies, for latency by distance. */
  coordinates?: Coordinates | undefined
  /** Bytes per second it can send; without a value, sending takes no time. */
  uplinkBytesPerSecond?: number | undefined
  /** Bytes per second it can receive; without a value, receiving takes no time. */
  downlinkBytesPerSecond?: number | undefined
}
