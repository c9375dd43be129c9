import { BaseError } from './errors.ts'
import type { EventKind, Simulation } from './simulation.ts'

/** One number of an event's payload, as it reads: `from: node` has name `from` and type `node`. */
export type EventField = { name: string; type: string }

/** The fields of the kinds that were defined with names, by the simulation that they belong to. */
const known = new WeakMap<Simulation, Map<EventKind, readonly EventField[]>>()

const unnamed: readonly EventField[] = ['target', 'a', 'b', 'c'].map((name) => ({
  name,
  type: 'integer',
}))

/** Reads fields such as `node` and `from: node`. */
export function parseFields(event: string, texts: readonly string[]): EventField[] {
  if (texts.length > 4) {
    throw new BaseError(`The event '${event}' has ${texts.length} fields; four fit into an event.`)
  }
  const fields = texts.map((text) => {
    const [, name, type = name] = /^([a-z]\w*)(?:: ([a-z]\w*))?$/i.exec(text) ?? []
    if (name !== undefined) return { name, type: type! }
    throw new BaseError(`A field of the event '${event}' is neither 'name' nor 'name: type'.`, {
      metaMessages: [`Found: ${JSON.stringify(text)}`],
    })
  })
  const twice = fields.find(({ name }, k) => fields.findIndex((field) => field.name === name) < k)
  if (twice !== undefined) {
    throw new BaseError(`The event '${event}' has two fields named '${twice.name}'.`)
  }
  return fields
}

/** Remembers the fields of a kind, for traces and messages. */
export function nameFields(
  simulation: Simulation,
  kind: EventKind,
  fields: readonly EventField[],
): void {
  const kinds = known.get(simulation) ?? new Map<EventKind, readonly EventField[]>()
  known.set(simulation, kinds.set(kind, fields))
}

/** The payload of an event with the names of its fields; `target`, `a`, `b`, `c` without names. */
export function namedPayload(
  simulation: Simulation,
  kind: EventKind,
  payload: readonly number[],
): Record<string, number | boolean> {
  const fields = known.get(simulation)?.get(kind) ?? unnamed
  return Object.fromEntries(fields.map(({ name, type }, k) => [name, decoded(type, payload[k]!)]))
}

/** The value that a handler sees for what stands in a slot. */
export function decoded(type: string, slot: number): number | boolean {
  if (type === 'flag') return slot !== 0
  return type === 'unsigned' ? slot >>> 0 : slot
}
