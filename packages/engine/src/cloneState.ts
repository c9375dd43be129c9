/**
 * A deep copy of plain data, typed arrays, maps, sets, and objects of a class. What was shared is
 * shared in the copy: two views of one buffer look at one buffer again. Functions are not copied.
 */
export function cloneState<value>(value: value): value {
  return copyOf(value, new Map()) as value
}

function copyOf(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const found = known.get(value)
  if (found !== undefined) return found
  const keep = <copy>(copy: copy): copy => {
    known.set(value, copy)
    return copy
  }
  if (value instanceof ArrayBuffer) return keep(value.slice(0))
  if (ArrayBuffer.isView(value)) return keep(viewCopy(value, known))
  if (Array.isArray(value)) {
    const copy = keep<unknown[]>([])
    for (const each of value) copy.push(copyOf(each, known))
    return copy
  }
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>())
    for (const [key, each] of value) copy.set(copyOf(key, known), copyOf(each, known))
    return copy
  }
  if (value instanceof Set) {
    const copy = keep(new Set<unknown>())
    for (const each of value) copy.add(copyOf(each, known))
    return copy
  }
  const copy = keep(Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>)
  for (const [name, each] of Object.entries(value)) copy[name] = copyOf(each, known)
  return copy
}

function viewCopy(view: ArrayBufferView, known: Map<object, unknown>): ArrayBufferView {
  const { buffer, byteOffset } = view
  const shared = copyOf(buffer, known)
  const length = 'length' in view ? (view.length as number) : view.byteLength
  const construct = view.constructor as new (...of: unknown[]) => ArrayBufferView
  return new construct(shared, byteOffset, length)
}
