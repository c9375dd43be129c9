export { Digest, digestOf } from './digest.ts'
export {
  createDiscrete,
  createZipf,
  type DiscreteSampler,
} from './discrete.ts'
export {
  createSampler,
  exponential,
  lognormal,
  meanOf,
  normal,
  pareto,
  type Distribution,
  type Sampler,
} from './distributions.ts'
export {
  BaseError,
  DistributionError,
  EventError,
  EventPayloadError,
  EventTimeError,
  type ErrorDetails,
} from './errors.ts'
export { EventQueue, type EventHandle } from './eventQueue.ts'
export { cos, exp, log, pow, sin } from './mathematics.ts'
export { normalQuantile } from './normalQuantile.ts'
export {
  createSimulation,
  priorities,
  type EventHandler,
  type EventKind,
  type EventProbe,
  type RunEnd,
  type RunOptions,
  type Simulation,
  type SimulationOptions,
} from './simulation.ts'
export { createStream, type Stream, type StreamKey } from './streams.ts'
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
