export { announceFetch, type AnnounceFetchParameters } from './broadcast/announceFetch.ts'
export { erasureShards, type ErasureShardsParameters } from './broadcast/erasureShards.ts'
export { direct, flood } from './broadcast/flood.ts'
export { gossipMesh, type GossipMeshParameters } from './broadcast/gossipMesh.ts'
export {
  coverageOf,
  type BroadcastCounters,
  type BroadcastNetwork,
  type BroadcastProtocol,
  type Spread,
  type SpreadListener,
} from './broadcast/protocol.ts'
export { awsCoordinates } from './calibration/awsCoordinates.ts'
export { awsLatency } from './calibration/awsLatency.ts'
export { gervaisDegrees, simBlockOutgoing } from './calibration/degreeHistograms.ts'
export { measuredBandwidth2016, measuredQuantile } from './calibration/measuredBandwidth.ts'
export { sixRegions2015, sixRegions2019, type SixRegions } from './calibration/sixRegions.ts'
export {
  availabilityOf,
  churnOf,
  scheduleChurn,
  type Absence,
  type ChurnOptions,
  type ChurnTarget,
} from './churn/churn.ts'
export type { Lifetime } from './churn/lifetimes.ts'
export { greatCircleKm } from './coordinates.ts'
export {
  ChurnError,
  CoordinatesError,
  LatencyError,
  LatencyMatrixError,
  LinkFaultError,
  NetworkError,
  TopologyError,
  UnknownRegionError,
} from './errors.ts'
export {
  constantLatency,
  distributedLatency,
  matrixLatency,
  type Latency,
  type MatrixLatencyOptions,
} from './latency.ts'
export {
  cloudRoute,
  distanceLatency,
  fibreKmPerSecond,
  type DistanceLatencyOptions,
} from './latency/distanceLatency.ts'
export {
  empiricalLatency,
  type EmpiricalLatencyOptions,
  type LinkMeasurement,
} from './latency/empiricalLatency.ts'
export type { Jitter } from './latency/jitter.ts'
export type { LatencyMatrix } from './latency/latencyMatrix.ts'
export {
  pairLatency,
  type PairLatencyOptions,
  type PairOverride,
} from './latency/pairLatency.ts'
export {
  createLinkFaults,
  type CutMode,
  type LinkEffect,
  type LinkFault,
  type LinkFaults,
  type PartitionMode,
} from './linkFaults.ts'
export {
  createNetwork,
  type Network,
  type NetworkCounters,
  type NetworkOptions,
} from './network.ts'
export type { Attributes, Coordinates, NodeId, Place } from './places.ts'
export {
  completeTopology,
  randomTopology,
  type Graph,
  type RandomTopologyOptions,
  type Topology,
} from './topology.ts'
export {
  bitcoinConnections,
  bitcoinTopology,
  type BitcoinTopology,
  type BitcoinTopologyOptions,
} from './topology/bitcoin.ts'
export {
  degreesOf,
  degreeTopology,
  type DegreeHistogram,
  type DegreeTopologyOptions,
} from './topology/degrees.ts'
export {
  edgeTopology,
  formatTopology,
  readTopology,
  type EdgeTopologyOptions,
  type ReadTopologyOptions,
} from './topology/edgeList.ts'
export { ethereumMesh, meshTopology, type MeshTopologyOptions } from './topology/mesh.ts'
export { moreLinks, type MoreLinksOptions } from './topology/moreLinks.ts'
export { regionalTopology, type RegionalTopologyOptions } from './topology/regional.ts'
export { regularTopology, type RegularTopologyOptions } from './topology/regular.ts'
export { scaleFreeTopology, type ScaleFreeTopologyOptions } from './topology/scaleFree.ts'
export { smallWorldTopology, type SmallWorldTopologyOptions } from './topology/smallWorld.ts'
export { topologyStatistics, type TopologyStatistics } from './topology/statistics.ts'
export type { Bandwidth } from './transport/transport.ts'
