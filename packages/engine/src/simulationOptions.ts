import type { Time } from './time.ts'

export type SimulationOptions = {
  seed: string
  /** Number of the replication, from 0: the same scenario with fresh random streams. */
  replication?: number | undefined
  /**
   * The order of events of one time and one priority: `fifo`, as they were scheduled (default), or
   * `shuffle`, at random by the seed, to show that no conclusion hangs on it.
   */
  ties?: 'fifo' | 'shuffle' | undefined
  /**
   * What holds the pending events: `adaptive` (default), which goes over to WebAssembly while
   * thousands are pending, where the host has it; or `javascript`, which never does. Nothing but
   * the speed depends on it. Shuffled ties have a queue of their own.
   */
  queue?: 'adaptive' | 'javascript' | undefined
  /** As many events at one instant end the run with an EventStormError; 10 million by default. */
  instantEventsMax?: number | undefined
  /**
   * The purposes of all random streams there are: opening another is an error, so that a misspelt
   * name does not silently draw something else. Left out, any can be opened.
   */
  streams?: readonly string[] | undefined
}

export type RunOptions = {
  /**
   * Events after this time stay pending; the clock ends here. Without it the queue is emptied;
   * where it has passed, nothing happens.
   */
  until?: Time | undefined
  /** A fuse against event storms: at most this many events in this call. */
  eventsMax?: number | undefined
  /**
   * Called every 65,536 events; it must not touch the simulation. `throttleProgress` calls it by
   * wall time.
   */
  onProgress?: ((now: Time, events: number) => void) | undefined
}

/** Why a call of `run` returned. */
export type RunEnd = 'until' | 'empty' | 'events' | 'stopped'
