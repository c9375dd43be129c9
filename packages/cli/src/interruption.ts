/** What was asked for from outside while a command runs. */
export type Interruption = {
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  signal: AbortSignal
  /** Gives the signals back to the system. */
  forget: () => void
}

const names = ['SIGINT', 'SIGTERM'] as const

/**
 * Listens to Ctrl-C. The first one aborts; a second one ends the process at once, by the signal
 * itself, which a shell sees as 130.
 */
export function watchInterruption(): Interruption {
  const controller = new AbortController()
  const listen = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      forget()
      process.kill(process.pid, name)
      return
    }
    controller.abort()
    // While a world is being run, signals wait for its next pause: a second one may have come
    // with the first, or comes while figures are taken. From the turn after that on, the system
    // ends the process even where this thread is busy.
    setImmediate(() => setImmediate(forget))
  }
  const forget = (): void => {
    for (const name of names) process.off(name, listen)
  }
  for (const name of names) process.on(name, listen)
  return { signal: controller.signal, forget }
}
