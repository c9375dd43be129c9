export {
  defineEvents,
  type DefinedEvent,
  type EventDefinition,
  type EventFields,
  type EventPayload,
  type Id,
} from './defineEvents.ts'
export { Digest, digestOf } from './digest.ts'
export {
  type Divergence,
  type DivergenceOptions,
  firstDivergence,
  NotRepeatableError,
} from './divergence.ts'
export {
  createDiscrete,
  createZipf,
  type DiscreteSampler,
} from './discrete.ts'
export {
  createInverse,
  createSampler,
  drawableRange,
  empiricalOf,
  exponential,
  lognormal,
  normal,
  pareto,
  weibull,
  type Distribution,
  type Sampler,
} from './distributions.ts'
export {
  BaseError,
  DistributionError,
  EventError,
  EventPayloadError,
  EventStormError,
  EventTimeError,
  SnapshotError,
  StreamError,
  UnhandledEventError,
  UnknownEventKindError,
  type ErrorDetails,
} from './errors.ts'
export { EventQueue, type EventHandle } from './eventQueue.ts'
export { cos, exp, log, pow, sin } from './mathematics.ts'
export { logGamma } from './gammaQuantile.ts'
export { meanOf, varianceOf } from './moments.ts'
export { normalQuantile } from './normalQuantile.ts'
export { allOf, anyOf, within, type First, type Results } from './process/combine.ts'
export {
  createContainer,
  type AmountOptions,
  type Container,
  type ContainerOptions,
} from './process/container.ts'
export {
  ProcessError,
  ProcessInterrupted,
  ProcessPreempted,
  ProcessUsageError,
} from './process/errors.ts'
export {
  hold,
  liveProcesses,
  process,
  type LiveProcess,
  type Process,
  type ProcessOptions,
} from './process/process.ts'
export {
  createResource,
  type AcquireOptions,
  type Lease,
  type Resource,
  type ResourceOptions,
} from './process/resource.ts'
export type { ResourceStatistics } from './process/resourceMeter.ts'
export { createLatch, createSignal, type Latch, type Signal } from './process/signal.ts'
export { createStore, type GetOptions, type Store, type StoreOptions } from './process/store.ts'
export {
  createWait,
  type Steps,
  type Wait,
  type Waiter,
  type Withdraw,
} from './process/wait.ts'
export type { EventProbe } from './probes.ts'
export type { Run } from './runs.ts'
export {
  createSimulation,
  priorities,
  type EventHandler,
  type EventKind,
  type RunEnd,
  type RunOptions,
  type Simulation,
  type SimulationOptions,
} from './simulation.ts'
export {
  alter,
  type Keeper,
  type PendingEvent,
  pendingEvents,
  type RestoreOptions,
  type Snapshot,
} from './snapshot.ts'
export type { KindCount } from './storm.ts'
export { throttleProgress } from './throttleProgress.ts'
export { createStream, type StatefulStream, type Stream, type StreamKey } from './streams.ts'
export {
  days,
  formatDuration,
  hours,
  microseconds,
  minutes,
  ms,
  parseDuration,
  seconds,
  toMs,
  toSeconds,
  type Time,
} from './time.ts'
export {
  fork,
  type Moment,
  replayTo,
  timeTravel,
  type TimeTravel,
  type TimeTravelOptions,
} from './timeTravel.ts'
export {
  formatEvents,
  type RecordOptions,
  recordTrace,
  type Trace,
  type TracedEvent,
} from './trace.ts'
