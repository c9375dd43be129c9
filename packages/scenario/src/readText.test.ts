import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { formatScenarioError } from './errors.ts'
import { readText } from './readText.ts'
import { wrapped } from './testing.ts'

type Format = 'json' | 'yaml'

const messages = (text: string, format: Format): string => {
  const read = readText(text, format)
  return isLeft(read)
    ? read.left.map((error) => formatScenarioError(error, `a.${format}`)).join('\n')
    : 'no error'
}

const dataOf = (text: string, format: Format): unknown => {
  const read = readText(text, format)
  return isRight(read) ? read.right.data : messages(text, format)
}

describe('what is read', () => {
  test('default: JSON and YAML say the same', () => {
    const data = { a: [1, -2.5e3, true, null, 'x "y" é\n'], b: { c: {} , d: [] } }
    expect(dataOf(JSON.stringify(data, null, 2), 'json')).toEqual(data)
    expect(dataOf(JSON.stringify(data), 'yaml')).toEqual(data)
    const list = 'a: [1, -2500, true, ~, "x \\"y\\" é\\n"] # Another.'
    const yaml = `# A comment.\n${list}\nb:\n  c: {}\n  d: []\n`
    expect(dataOf(yaml, 'yaml')).toEqual(data)
  })

  test('behavior: tabs, CRLF and a byte order mark', () => {
    expect(dataOf('\uFEFF{\r\n\t"a":\t1\r\n}\r\n', 'json')).toEqual({ a: 1 })
    expect(dataOf('\uFEFFa: 1\r\nb: "x"\r\n', 'yaml')).toEqual({ a: 1, b: 'x' })
  })

  test('behavior: numbers up to the last one that is exact', () => {
    expect(dataOf('[9007199254740991, -9007199254740991, 1e20, 0.1]', 'json')).toEqual([
      9007199254740991, -9007199254740991, 1e20, 0.1,
    ])
    expect(dataOf('[9007199254740991, 0x10, 1e3, 012]', 'yaml')).toEqual([
      9007199254740991, 16, 1000, 12,
    ])
  })

  test('behavior: words of older YAML stay text', () => {
    const text = 'a: yes\nb: 2026-11-17\nc: 1_000\n<<: 12:30\n1: x'
    expect(dataOf(text, 'yaml')).toEqual({
      ...{ a: 'yes', b: '2026-11-17', c: '1_000', '<<': '12:30', '1': 'x' },
    })
  })

  test('behavior: escapes of JSON, a lone surrogate among them, are left to the checks', () => {
    expect(dataOf('"\\ud83d\\ude00 \\ud800"', 'json')).toBe('😀 \ud800')
    expect(dataOf('"\\u00e9\\/"', 'json')).toBe('é/')
  })
})

describe('broken JSON', () => {
  test.each(['{', '[1, 2', '{"a": {"b": 1}', '{"a": "b', '{"a"', '{"a": 1,'])(
    'behavior: %s is cut off',
    (text) => {
      const found = messages(text, 'json')
      expect(found.startsWith(`a.json:1:${text.length + 1}`)).toBe(true)
      expect(found).toContain('found the end of the file (the file is cut off')
    },
  )

  test('behavior: each mistake with its place', () => {
    const texts = ['{"a":1,}', '{a: 1}', "{'a': 1}", '{"a" 1}', '[1 2]', '[01]', '[1.]', '[+1]']
    const more = ['[nul]', '{"a":1} x', '// x\n1', '["a\tb"]', '["a\nb"]', '["\\x"]', '\u0000']
    const all = [...texts, ...more].map((text) => messages(text, 'json'))
    expect(wrapped(all.join('\n'))).toMatchInlineSnapshot(`
      "
      a.json:1:8: expected a key in double quotes, found \`}\`
      a.json:1:2: expected a key in double quotes, found \`a: 1}\`
      a.json:1:2: expected a key in double quotes, found \`'a': 1}\`
      a.json:1:6: expected a colon after the key, found \`1}\`
      a.json:1:4: expected a comma or \`]\`, found \`2]\`
      a.json:1:3: expected a comma or \`]\`, found \`1]\`
      a.json:1:3: expected a comma or \`]\`, found \`.]\`
      a.json:1:2 [0]: expected a value, found \`+1]\`
      a.json:1:2 [0]: expected a value, found \`nul]\`
      a.json:1:9: expected the end of the file, found \`x\`
      a.json:1:1: expected a value, found \`// x\`
      a.json:1:4 [0]: expected text on one line, control characters escaped, found
        \`\\u0009b"]\`
      a.json:1:4 [0]: expected text on one line, control characters escaped, found a line
        break
      a.json:1:3 [0]: expected an escape such as \\n or \\u00e9, found \`\\x"]\`
      a.json:1:1: expected a value, found \`\\u0000\`
      "
    `)
  })

  test('behavior: lines and columns under CRLF, tabs and a byte order mark', () => {
    expect(messages('\uFEFF{\r\n\t"a": 1,\r\n\t"b": oops\r\n}', 'json')).toBe(
      'a.json:3:7 b: expected a value, found `oops`',
    )
  })
})

describe('broken YAML', () => {
  test('behavior: each mistake with its place', () => {
    const texts = ['a: [1', 'a: 1\n\tb: 2', 'a: "x', '{"a" 1}', 'a: 1\n b: 2', '"\\q"', 'a: b: c']
    const tags = ['a: !!binary x', 'a: !b 1']
    const more = ['--- 1\n--- 2', '%YAML 9\n---\na: 1', '@a', '&a', '*a', ...tags]
    const all = [...texts, ...more, '? [a]\n: 1'].map((text) => messages(text, 'yaml'))
    expect(wrapped(all.join('\n'))).toMatchInlineSnapshot(`
      "
      a.yaml:1:6: expected well-formed YAML, found a mistake: Flow sequence in block
        collection must be sufficiently indented and end with a ]
      a.yaml:2:1: expected well-formed YAML, found a mistake: Tabs are not allowed as
        indentation
      a.yaml:1:6: expected well-formed YAML, found a mistake: Missing closing "quote
      a.yaml:1:6: expected well-formed YAML, found a mistake: Missing , or : between flow
        map items
      a.yaml:1:4: expected well-formed YAML, found a mistake: Nested mappings are not
        allowed in compact mappings
      a.yaml:1:2: expected well-formed YAML, found a mistake: Invalid escape sequence \\q
      a.yaml:1:4: expected well-formed YAML, found a mistake: Nested mappings are not
        allowed in compact mappings
      a.yaml:2:1: expected one document, found another one
      a.yaml:1:7: expected well-formed YAML, found a mistake: Unsupported YAML version 9
      a.yaml:1:1: expected well-formed YAML, found a mistake: Plain value cannot start with
        reserved character @
      no error
      a.yaml:1:1: expected a value, found an alias (write the value out)
      a.yaml:1:13 a: expected a value without a tag, found the tag tag:yaml.org,2002:binary
      a.yaml:1:7 a: expected a value without a tag, found the tag !b
      a.yaml:1:3 [""]: expected a key that is text, found another one
      "
    `)
  })

  test('behavior: an alias is told with its place, and nothing is blown up', () => {
    const levels = Array.from({ length: 40 }, (_, k) => `b${k + 1}: &b${k + 1} [*b${k}, *b${k}]`)
    const text = ['a: &b0 [x]', ...levels].join('\n')
    const lines = messages(text, 'yaml').split('\n')
    expect(lines[0]).toBe(
      'a.yaml:2:10 b1[0]: expected a value, found an alias (write the value out)',
    )
    expect(lines).toHaveLength(50)
  })
})

describe('well-formed, and no data for a scenario', () => {
  test.each(['json', 'yaml'] as const)('behavior: in %s', (format) => {
    const text = [
      '{',
      '  "a": 1,',
      '  "a": 2,',
      '  "b": { "__proto__": { "x": 1 }, "constructor": 1 },',
      '  "prototype": 1,',
      '  "c": [0, 9007199254740993, -9007199254740992],',
      '  "d": 1e999',
      '}',
    ].join('\n')
    const expected = `
a.F:3:3 a: expected each key once, found the key \`a\` again
a.F:4:10 b.__proto__: expected another key, found the key \`__proto__\`, which is not allowed
a.F:4:35 b.constructor: expected another key, found the key \`constructor\`, which is not allowed
a.F:5:3 prototype: expected another key, found the key \`prototype\`, which is not allowed
a.F:6:12 c[1]: expected a whole number of at most 2^53 − 1 in size, found 9007199254740993
a.F:6:30 c[2]: expected a whole number of at most 2^53 − 1 in size, found -9007199254740992
a.F:7:8 d: expected a finite number, found 1e999`
    expect(messages(text, format)).toBe(expected.trim().replaceAll('a.F', `a.${format}`))
  })

  test('behavior: what only YAML can say', () => {
    const text = 'a: .nan\nb: -.inf\n"1": x\n1: y\nc: 99999999999999999999'
    expect(wrapped(messages(text, 'yaml'))).toMatchInlineSnapshot(`
      "
      a.yaml:1:4 a: expected a finite number, found .nan
      a.yaml:2:4 b: expected a finite number, found -.inf
      a.yaml:4:1 1: expected each key once, found the key \`1\` again
      a.yaml:5:4 c: expected a whole number of at most 2^53 − 1 in size, found
        99999999999999999999
      "
    `)
  })

  test.each(['', ' \n\t\n', '\uFEFF'])('behavior: %j is an empty file', (text) => {
    for (const format of ['json', 'yaml'] as const) {
      expect(messages(text, format)).toBe(
        `a.${format}:1:1: expected a scenario, found an empty file`,
      )
    }
  })

  test('behavior: a YAML file of comments is an empty one', () => {
    expect(messages('# Nothing.\n', 'yaml')).toContain('found an empty file')
  })
})

describe('absurd texts', () => {
  const deep = 100_000

  test.each([
    ['json', '['.repeat(deep)],
    ['json', '{"a":'.repeat(deep)],
    ['json', '['.repeat(65) + ']'.repeat(65)],
    ['yaml', '['.repeat(deep)],
    ['yaml', '- '.repeat(deep)],
    ['yaml', '['.repeat(65) + ']'.repeat(65)],
  ] as const)('behavior: too many levels of %s are one error', (format, text) => {
    expect(messages(text, format)).toMatch(
      /^a\.\w+:1:\d+.*: expected at most 64 levels, found a deeper one$/,
    )
  })

  test('behavior: 64 levels are read', () => {
    const text = '['.repeat(64) + ']'.repeat(64)
    expect([messages(text, 'json'), messages(text, 'yaml')]).toEqual(['no error', 'no error'])
  })

  test('behavior: more characters than anybody writes', () => {
    expect(messages(`"${'x'.repeat(8_000_000)}"`, 'json')).toBe(
      'a.json: expected at most 8000000 characters of JSON, found 8000002 characters',
    )
    expect(messages(`"${'x'.repeat(1_000_000)}"`, 'yaml')).toBe(
      'a.yaml: expected at most 1000000 characters of YAML, found 1000002 characters',
    )
    expect(messages(`"${'x'.repeat(7_000_000)}"`, 'json')).toBe('no error')
  })

  test('behavior: many keys do not take quadratic time', () => {
    const keys = Array.from({ length: 20_000 }, (_, k) => `"k${k}": ${k}`)
    const text = `{${keys.join(',\n')}}`
    expect([messages(text, 'json'), messages(text, 'yaml')]).toEqual(['no error', 'no error'])
  })
})

describe('where things stand', () => {
  const item = '{ "value": { "c": 2 }, "unit": "s", "source": "x" }'
  const json = `{\n  "a": [\n    { "b": 1 },\n    ${item}\n  ]\n}`
  const yaml = 'a:\n  - b: 1\n  - value:\n      c: 2\n    unit: s\n    source: x\n'

  test.each([
    [[], '1:1', '1:1', '1:1'],
    [['a'], '2:8', '2:3', '1:1'],
    [['a', 0, 'b'], '3:12', '2:8', '2:5'],
    [['a', 1], '4:16', '4:7', '3:5'],
    [['a', 1, 'c'], '4:23', '4:10', '4:7'],
    [['a', 1, 'value', 'c'], '4:23', '4:10', '4:7'],
    [['a', 1, 'unit'], '4:36', '5:11', '5:5'],
    [['a', 1, 'd', 'e'], '4:16', '4:7', '4:7'],
    [['a', 7], '2:8', '2:3', '2:3'],
    [['z', 'y'], '1:1', '1:1', '1:1'],
  ])('behavior: the path %j', (path, inJson, inYaml, keyInYaml) => {
    const at = (text: string, format: Format, what?: 'key'): string => {
      const read = readText(text, format)
      if (isLeft(read)) throw new Error(messages(text, format))
      const { line, column } = read.right.locate(path, what)!
      return `${line}:${column}`
    }
    expect([at(json, 'json'), at(yaml, 'yaml'), at(yaml, 'yaml', 'key')]).toEqual([
      ...[inJson, inYaml, keyInYaml],
    ])
  })
})
