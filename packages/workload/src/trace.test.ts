import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTrace, type TraceOptions } from './parseTrace.ts'
import { formatTrace, type TraceRows } from './trace.ts'

const rowsOf = (text: string, options?: TraceOptions): TraceRows => {
  const result = parseTrace(text, options)
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'))
  return result.rows
}
const messagesOf = (text: string, options?: TraceOptions): string[] => {
  const result = parseTrace(text, options)
  return result.ok ? [] : result.errors.map(({ message }) => message)
}

describe('parseTrace', () => {
  test('default: columns in any order', () => {
    expect(rowsOf('to,time,amount,from\nshop,0,12.50,ann\nshop,1.25,0.000001,7\n')).toEqual({
      count: 2,
      time: Float64Array.of(0, 1_250_000),
      amount: Float64Array.of(12_500_000, 1),
      from: Int32Array.of(0, 2),
      to: Int32Array.of(1, 1),
      accounts: ['ann', 'shop', '7'],
    })
  })

  test('behavior: columns that are absent are undefined', () => {
    const { amount, from, to, accounts } = rowsOf('time\n1\n')
    expect([amount, from, to, accounts]).toEqual([undefined, undefined, undefined, []])
  })

  test('behavior: byte order mark, CR LF, empty lines, quotes, white space', () => {
    const text = '\uFEFF"time", from ,to\r\n\r\n 0 , "a, ""b""" ,c d\r\n"1h30m","  x",\tc d'
    const { time, accounts } = rowsOf(text)
    expect([...time]).toEqual([0, 5_400_000_000])
    expect(accounts).toEqual(['a, "b"', 'c d', '  x'])
  })

  test('behavior: times in seconds to the microsecond, or with a unit', () => {
    const fields = ['0', '0.0000004', '0.0000005', '2us', '1ms', '12.5', '13s', '1m', '9007199254']
    expect([...rowsOf(`time\n${fields.join('\n')}`).time]).toEqual([
      0, 0, 1, 2, 1_000, 12_500_000, 13_000_000, 60_000_000, 9_007_199_254_000_000,
    ])
  })

  test.each([
    ['', 'Line 1: expected a header line with the column time'],
    ['time', 'Line 1: expected at least one row after the header'],
    ['amount\n1', 'Line 1: expected a header line with the column time'],
    ['time,price\n1,2', "Line 1: expected columns named time, amount, from, to, found 'price'."],
    ['time,time\n1,2', "Line 1: expected each column once, found 'time twice'."],
    ['0,12.5\n1,3', "Line 1: expected columns named"],
    ['time,amount\n1', "Line 2: expected 2 fields (time, amount), found '1 fields'."],
    ['time\n1,2', "Line 2: expected 1 fields (time), found '2 fields'."],
    ['time\n-1', "Line 2: expected a time of at least 0, in seconds or with a unit"],
    ['time\n1e3', 'Line 2: expected a time'],
    ['time\nNaN', 'Line 2: expected a time'],
    ['time\n9007199255', 'Line 2: expected a time'],
    ['time\n99999999999999999999', 'Line 2: expected a time'],
    ['time\n2\n\n1.9', "Line 4: expected a time not before the last one, found '1.9'."],
    ['time,amount\n1,0', "Line 2: expected an amount above 0 in US dollars"],
    ['time,amount\n1,-5', 'Line 2: expected an amount'],
    ['time,amount\n1,0.0000001', 'Line 2: expected an amount'],
    ['time,amount\n1,2.5000000', 'Line 2: expected an amount above 0'],
    ['time,amount\n1,99999999999', 'Line 2: expected an amount'],
    ['time,amount\n1,$5', 'Line 2: expected an amount'],
    ['time,from\n1,', "Line 2: expected a name in 'from', found ''."],
    ['time,to\n1,""', "Line 2: expected a name in 'to', found ''."],
    ['time,from,to\n1,a,a', "Line 2: expected a payee other than the payer, found 'a'."],
    ['time,from\n1,"a', "Line 2: expected a closing quote on the same line, found '\"a'."],
    ['time,from\n1,"a"b', "Line 2: expected a comma after a quoted field, found 'b'."],
    ['time,from\n1,a"b', "Line 2: expected a field with quotes in it to be quoted, found 'a\"b'."],
  ])('behavior: %j is refused', (text, message) => {
    const messages = messagesOf(text)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(message)
  })

  test('behavior: each malformed row is told once, twenty at most, the rest counted', () => {
    const text = `time,amount\n${'x,y,z\n'.repeat(30)}5,1\nx,2\n6,1\n`
    const result = parseTrace(text)
    if (result.ok) throw new Error('It should not parse.')
    const lines = Array.from({ length: 20 }, (_, index) => index + 2)
    expect(result.errors.map(({ line }) => line)).toEqual(lines)
    expect(result.errorCount).toBe(31)
  })

  test('behavior: rows and bytes are limited', () => {
    expect(rowsOf('time\n1\n2\n', { rowsMax: 2 }).count).toBe(2)
    expect(messagesOf('time\n1\n2\n3\n4\n', { rowsMax: 2 })).toEqual([
      "Line 4: expected at most 2 rows, found 'one more'.",
    ])
    expect(messagesOf(`time\n${'0\n'.repeat(1_000_001)}`)).toEqual([
      "Line 1000002: expected at most 1000000 rows, found 'one more'.",
    ])
    const limit = { rowBytesMax: 10 }
    expect(rowsOf('time,from\n1,12345678\n', limit).count).toBe(1)
    expect(rowsOf('time,from\n1,éé€x\n', limit).count).toBe(1)
    expect(rowsOf('time,from\n1,😀😀\n', limit).count).toBe(1)
    for (const name of ['123456789', 'éé€xy', '😀😀a']) {
      expect(messagesOf(`time,from\n1,${name}\n`, limit)).toEqual([
        "Line 2: expected a line of at most 10 bytes, found '11 bytes'.",
      ])
    }
  })

  test('behavior: long finds are cut', () => {
    const message = messagesOf(`time\n${'9'.repeat(500)}`)[0]!
    expect(message).toContain(`found '${'9'.repeat(59)}…'.`)
  })
})

const odd = fc.constantFrom('a', 'b', ' a', 'a,b', '"', 'a\r', '7', '__proto__')
const name = fc
  .oneof(fc.string({ minLength: 1 }), odd)
  .map((text) => text.replaceAll('\n', '_'))
const trace = fc
  .tuple(fc.array(name, { minLength: 2, maxLength: 6 }), fc.boolean(), fc.boolean(), fc.boolean())
  .chain(([names, hasAmount, hasFrom, hasTo]) => {
    const accounts = fc.constant(names)
    const index = fc.nat(names.length - 1)
    const row = fc.tuple(fc.nat(3_000_000), fc.integer({ min: 1, max: 2 ** 40 }), index, index)
    return fc.tuple(accounts, fc.array(row, { minLength: 1 })).map(([known, rows]) => {
      const written = rows.map(([gap, amount, from, to]) => ({ gap, amount, from, to }))
      return { known, rows: written, hasAmount, hasFrom, hasTo }
    })
  })

describe('properties', () => {
  test('a trace that is written is read back as it was', () => {
    fc.assert(
      fc.property(trace, ({ known, rows, hasAmount, hasFrom, hasTo }) => {
        const columns = { hasAmount, hasFrom, hasTo }
        const kept = rows.filter(({ from, to }) => !(hasFrom && hasTo) || known[from] !== known[to])
        fc.pre(kept.length > 0)
        const numbers = new Map<string, number>()
        const numberOf = (text: string): number => {
          if (!numbers.has(text)) numbers.set(text, numbers.size)
          return numbers.get(text)!
        }
        const pairs = kept.map(({ from, to }) => [
          columns.hasFrom ? numberOf(known[from]!) : -1,
          columns.hasTo ? numberOf(known[to]!) : -1,
        ])
        let time = 0
        const written: TraceRows = {
          count: kept.length,
          time: Float64Array.from(kept, ({ gap }) => (time += gap)),
          amount: hasAmount ? Float64Array.from(kept, ({ amount }) => amount) : undefined,
          from: hasFrom ? Int32Array.from(pairs, ([from]) => from!) : undefined,
          to: hasTo ? Int32Array.from(pairs, ([, to]) => to!) : undefined,
          accounts: [...numbers.keys()],
        }
        const text = formatTrace(written)
        expect(rowsOf(text)).toEqual(written)
        expect(rowsOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(written)
      }),
      fuzzParameters(300),
    )
  })

  const hostile = fc.constantFrom(
    ...['time', 'amount', 'from', 'to', ',', '"', '""', '\n', '\r\n', '\r', '\uFEFF', '\0', '-'],
    ...['1', '0.5', '.', 'e', '250ms', '1h', '😀', '\uD800', '9'.repeat(400), 'x'.repeat(5_000)],
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(hostile, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.array(hostile, { maxLength: 60 }).map((parts) => `time,amount\n${parts.join('')}`),
  )

  test('no text makes it throw, and each error says where and what', () => {
    fc.assert(
      fc.property(text, (input) => {
        const result = parseTrace(input, { rowsMax: 10 })
        const lines = input.split('\n').length
        if (result.ok) {
          expect(result.rows.count).toBeGreaterThan(0)
          expect(result.rows.count).toBeLessThanOrEqual(10)
          return
        }
        expect(result.errors.length).toBe(Math.min(result.errorCount, 20))
        for (const { line, expected, found, message } of result.errors) {
          expect(line >= 1 && line <= lines).toBe(true)
          expect(found.length).toBeLessThanOrEqual(60)
          expect(message).toBe(`Line ${line}: expected ${expected}, found '${found}'.`)
        }
      }),
      fuzzParameters(1_500),
    )
  })

  const valid = 'time,amount,from,to\n0,12.50,ann,shop\n250ms,3,"b, c",shop\n1.5,0.000001,d,e\n'
  const edit = fc.tuple(fc.nat(valid.length), fc.nat(3), hostile)

  test('a mutated trace is read or refused, and what is read is sound', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = edits.reduce(
          (before, [at, cut, put]) => before.slice(0, at) + put + before.slice(at + cut),
          valid,
        )
        const result = parseTrace(mutated)
        if (!result.ok) return
        const { accounts, amount, count, from, time, to } = result.rows
        for (let row = 0; row < count; row++) {
          expect(time[row]).toBeGreaterThanOrEqual(time[row - 1] ?? 0)
          expect(amount === undefined || amount[row]! >= 1).toBe(true)
          if (from !== undefined && to !== undefined) expect(from[row]).not.toBe(to[row])
        }
        expect(accounts).not.toContain('')
        expect(new Set(accounts).size).toBe(accounts.length)
        expect(rowsOf(formatTrace(result.rows), { rowBytesMax: 99_999 })).toEqual(result.rows)
      }),
      fuzzParameters(1_500),
    )
  })
})

test('behavior: names that do not fit on a line cannot be written', () => {
  const rows = { ...rowsOf('time,from\n0,a\n'), accounts: ['a\nb'] }
  expect(() => formatTrace(rows)).toThrow('formatTrace: expected names on one line')
})
