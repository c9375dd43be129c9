import { EventPayloadError, UnhandledEventError } from './errors.ts'
import { decoded, type EventField, nameFields, parseFields } from './eventFields.ts'
import type { EventHandle } from './eventQueue.ts'
import { type EventHandler, type EventKind, priorities, type Simulation } from './simulation.ts'
import type { Time } from './time.ts'

/** A number that names a thing of one sort: any number will do, but no other sort's. */
export type Id<sort extends string> = number & { readonly __sort?: sort }

/** Up to four fields, each `name: type`, or `name` alone where the type is called the same. */
export type EventFields =
  | readonly []
  | readonly [string]
  | readonly [string, string]
  | readonly [string, string, string]
  | readonly [string, string, string, string]

/** What an event carries, and its place within an instant where it is not `deliver`. */
export type EventDefinition = EventFields | { fields: EventFields; priority: number }

type FieldsOf<definition> = definition extends { fields: infer fields } ? fields : definition
type TypeOf<field> = field extends `${string}: ${infer type}` ? type : field
type ValueOf<type> = type extends 'flag'
  ? boolean
  : type extends 'integer' | 'unsigned'
    ? number
    : type extends string
      ? Id<type>
      : never

type ValuesOf<fields extends readonly string[]> = {
  -readonly [index in keyof fields]: ValueOf<TypeOf<fields[index]>>
}

/** The values of an event, in the order of its fields. */
export type EventPayload<definition> =
  FieldsOf<definition> extends infer fields extends readonly string[] ? ValuesOf<fields> : never

/** An event with names: it schedules itself, and checks what it carries when it is compiled. */
export type DefinedEvent<payload extends readonly unknown[]> = {
  name: string
  kind: EventKind
  /** What happens when such an event is due. */
  handle: (handler: (...payload: payload) => void) => void
  /** Schedules one at a time; throws as `simulation.at` does. */
  at: (time: Time, ...payload: payload) => EventHandle
  /** Schedules one after a delay. */
  after: (delay: Time, ...payload: payload) => EventHandle
}

/**
 * Gives events names and types. They are the same small integers as those of `simulation.define`,
 * and no object is made to schedule or to handle one.
 *
 * The type of a field is `integer` (32 bits), `unsigned` (0 … 2³² − 1), `flag` (a boolean), or the
 * name of a sort of things, such as `node`: an `Id<'node'>` is no `Id<'block'>`.
 *
 * @example
 * const events = defineEvents(simulation, {
 *   blockArrive: ['node', 'block', 'from: node'],
 *   viewTimeout: { fields: ['node', 'view: integer'], priority: priorities.timer },
 * })
 * events.blockArrive.handle((node, block, from) => …)
 * events.blockArrive.after(ms(50), node, block, from)
 */
export function defineEvents<const definitions extends Record<string, EventDefinition>>(
  simulation: Simulation,
  definitions: definitions,
): { [name in keyof definitions]: DefinedEvent<EventPayload<definitions[name]>> } {
  const events = Object.entries(definitions).map(([name, definition]) => {
    const { fields, priority } =
      'fields' in definition ? definition : { fields: definition, priority: priorities.deliver }
    return [name, defineEvent(simulation, name, parseFields(name, fields), priority)]
  })
  return Object.fromEntries(events)
}

function defineEvent(
  simulation: Simulation,
  name: string,
  fields: readonly EventField[],
  priority: number,
): DefinedEvent<number[]> {
  const unhandled = (): void => {
    throw new UnhandledEventError(name)
  }
  const kind = simulation.define(name, unhandled, priority)
  nameFields(simulation, kind, fields)
  const isPlain = !fields.some(({ type }) => type === 'flag' || type === 'unsigned')
  if (isPlain) {
    // Parameters one by one: a rest parameter would make an array for every event.
    return {
      ...{ name, kind },
      handle: (handler) => simulation.handle(kind, handler),
      at: (time, target, a, b, c) => simulation.at(time, kind, target, a, b, c),
      after: (delay, target, a, b, c) => simulation.after(delay, kind, target, a, b, c),
    }
  }
  const [type0, type1, type2, type3] = fields.map(({ type }) => type)
  const encode = (type: string | undefined, value: unknown): number | undefined => {
    if (type === 'flag') return value ? 1 : 0
    if (type !== 'unsigned') return value as number | undefined
    const number = value as number
    if (number >>> 0 !== number) throw new EventPayloadError(name, [number])
    return number | 0
  }
  const decode = (type: string | undefined, slot: number): number =>
    (type === undefined ? slot : decoded(type, slot)) as number
  type Slot = number | undefined
  const schedule = (time: Time, target: Slot, a: Slot, b: Slot, c: Slot): EventHandle =>
    simulation.at(
      time,
      kind,
      encode(type0, target),
      encode(type1, a),
      encode(type2, b),
      encode(type3, c),
    )
  return {
    ...{ name, kind },
    handle: (handler) => {
      const decoding: EventHandler = (target, a, b, c) =>
        handler(decode(type0, target), decode(type1, a), decode(type2, b), decode(type3, c))
      simulation.handle(kind, decoding)
    },
    at: (time, p, q, r, s) => schedule(time, p, q, r, s),
    after: (delay, p, q, r, s) => schedule(simulation.now() + delay, p, q, r, s),
  }
}
