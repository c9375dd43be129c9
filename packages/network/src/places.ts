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
}

/** One node of a network. */
export type Place = {
  name: string
  attributes: Attributes
  /** Bytes per second it can send; without a value, sending takes no time. */
  uplinkBytesPerSecond?: number | undefined
}
