import { BaseError } from '../errors.ts'
import type { Time } from '../time.ts'

/** Thrown into a process that another one interrupts; `cause` is what the other one gave. */
export class ProcessInterrupted extends BaseError {
  override name: string = 'ProcessInterrupted'

  constructor(cause: unknown, message = 'The process was interrupted.') {
    super(message, { cause, docsPath: 'processes.md#interrupts' })
  }
}

/** Thrown into a process that lost its slot to a more important request. */
export class ProcessPreempted extends ProcessInterrupted {
  override name = 'ProcessPreempted' as const
  /** Name of the resource. */
  resource: string
  /** Name of the process that has the slot now. */
  by: string
  /** When the slot that was lost had been acquired. */
  since: Time

  constructor(loss: { resource: string; by: string; since: Time }) {
    super(undefined, `'${loss.by}' took over a slot of '${loss.resource}'.`)
    this.resource = loss.resource
    this.by = loss.by
    this.since = loss.since
  }
}

/** A process threw: which one, and what; the event's error tells the time and how to replay. */
export class ProcessError extends BaseError {
  override name = 'ProcessError' as const
  /** Name of the process. */
  process: string

  constructor(process: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`The process '${process}' failed: ${reason}`, { cause })
    this.process = process
  }
}

/** A process, resource, store or container was used in a way that cannot work. */
export class ProcessUsageError extends BaseError {
  override name = 'ProcessUsageError' as const

  constructor(message: string, ...metaMessages: string[]) {
    super(message, { docsPath: 'processes.md#mistakes', metaMessages })
  }
}
