import type { Behaviour } from '../cluster.ts'

/** Watches that nobody alters what has been said. */
export type FrozenMessages = {
  /** An honest member whose messages, and the data of its blocks, are frozen as they leave. */
  behaviour: Behaviour
  /** Sent messages that differ from what was sent: what freezing cannot reach (maps, bytes). */
  altered: () => readonly string[]
}

/**
 * Freezes messages deeply when they are sent, so that whoever alters one, its sender included,
 * throws at that very place. JavaScript cannot freeze what a map, a set or a typed array holds;
 * messages with such parts are compared with a copy instead.
 */
export function createFrozenMessages(): FrozenMessages {
  const frozen = new WeakSet<object>()
  const copies: { message: unknown; text: string }[] = []

  const seal = (value: unknown): void => {
    if (deepFreeze(value, frozen)) copies.push({ message: value, text: textOf(value) })
  }
  const behaviour: Behaviour = (honest, context) =>
    honest({
      ...context,
      send: (to, message, bytes) => {
        seal(message)
        context.send(to, message, bytes)
      },
      broadcast: (message, bytes) => {
        seal(message)
        context.broadcast(message, bytes)
      },
      build: (parent, header) => {
        seal(header.data)
        return context.build(parent, header)
      },
    })
  return {
    behaviour,
    altered: () =>
      copies
        .map(({ message, text }) => ({ text, now: textOf(message) }))
        .filter(({ text, now }) => text !== now)
        .map(({ text, now }) => `sent ${text}, now ${now}`),
  }
}

/** Freezes a value and all it holds. True where it holds something that cannot be frozen. */
function deepFreeze(value: unknown, done: WeakSet<object>): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true
  done.add(value)
  if (value instanceof Map || value instanceof Set) {
    for (const entry of value.entries()) entry.forEach((part) => deepFreeze(part, done))
    return true
  }
  Object.freeze(value)
  let escaped = false
  for (const part of Object.values(value)) escaped = deepFreeze(part, done) || escaped
  return escaped
}

/** A text that tells two values apart. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`
    if (part instanceof Map || part instanceof Set) return [...part]
    if (part instanceof ArrayBuffer) return [...new Uint8Array(part)]
    if (ArrayBuffer.isView(part) && !(part instanceof DataView)) {
      return [...(part as unknown as Iterable<unknown>)].map(String)
    }
    return part
  })
}
