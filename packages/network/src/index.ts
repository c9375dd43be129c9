export { awsLatency } from './calibration/awsLatency.ts'
export { TopologyError, UnknownRegionError } from './errors.ts'
export {
  constantLatency,
  distributedLatency,
  matrixLatency,
  type Latency,
  type LatencyMatrix,
  type MatrixLatencyOptions,
} from './latency.ts'
export {
  createNetwork,
  type Network,
  type NetworkCounters,
  type NetworkOptions,
} from './network.ts'
export type { Attributes, NodeId, Place } from './places.ts'
export {
  completeTopology,
  randomTopology,
  type RandomTopologyOptions,
  type Topology,
} from './topology.ts'
