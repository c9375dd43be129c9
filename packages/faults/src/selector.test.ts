import { expect, test } from 'vitest'
import { matchSites, type SelectableSite } from './selector.ts'

const site = (
  name: string,
  role: string,
  rail: string | undefined,
  attributes: Partial<SelectableSite['attributes']>,
): SelectableSite => ({
  name,
  role,
  rail,
  attributes: { region: 'eu-west-1', operator: name, ...attributes },
})

const sites = [
  site('v0', 'validator', 'tempo', { cloud: 'aws', country: 'IE', client: 'tempo' }),
  site('v1', 'validator', 'tempo', { cloud: 'gcp', region: 'us-east-1', client: 'tempo' }),
  site('v2', 'validator', 'ethereum', { cloud: 'aws', region: 'us-east-1', client: 'geth' }),
  site('rpc', 'access', 'ethereum', { operator: 'infura' }),
  site('bank', 'issuer', undefined, {}),
]

test.each([
  ['nothing given hits all', {}, [0, 1, 2, 3, 4]],
  ['undefined counts as not given', { cloud: undefined, name: 'v1' }, [1]],
  ['one value', { cloud: 'aws' }, [0, 2]],
  ['a list of values', { name: ['rpc', 'v0'] }, [0, 3]],
  ['all that is given must match', { cloud: 'aws', region: 'us-east-1' }, [2]],
  ['a role', { role: 'validator' }, [0, 1, 2]],
  ['a rail', { rail: 'ethereum' }, [2, 3]],
  ['a client', { client: 'geth' }, [2]],
  ['an operator', { operator: 'infura' }, [3]],
  ['a country', { country: 'IE' }, [0]],
])('behavior: %s', (_, selector, hits) => {
  expect(matchSites(selector, sites)).toEqual({ ok: true, hits, unknown: [] })
})

test('behavior: a misspelt value is reported although others hit', () => {
  expect(matchSites({ cloud: ['aws', 'gpc'] }, sites)).toEqual({
    ok: true,
    hits: [0, 2],
    unknown: [{ key: 'cloud', found: 'gpc', known: ['aws', 'gcp'] }],
  })
})

test.each([
  [{ cloud: 'azure' }, "No site has the cloud 'azure'; known: 'aws', 'gcp'."],
  [
    { rail: 'tempoo', role: 'miner' },
    "No site has the role 'miner'; known: 'access', 'issuer', 'validator'. " +
      "No site has the rail 'tempoo'; known: 'ethereum', 'tempo'.",
  ],
  [
    { country: 'IE', cloud: ['gcp', 'aws'], rail: 'ethereum' },
    "No site has at once cloud 'gcp' or 'aws' and country 'IE' and rail 'ethereum'.",
  ],
  [{ name: [] }, "The list of 'name' is empty, so it hits nothing."],
])('behavior: %j hits nothing, and the message says why', (selector, message) => {
  expect(matchSites(selector, sites)).toMatchObject({ ok: false, message })
})

test('behavior: without sites, and with very many', () => {
  expect(matchSites({}, [])).toEqual({
    ok: false,
    unknown: [],
    message: 'There are no sites that a fault could hit.',
  })
  const many = Array.from({ length: 100 }, (_, index) => site(`n${index}`, 'x', 'y', {}))
  const match = matchSites({ name: 'm' }, many)
  if (match.ok) throw new Error('It should not match.')
  expect(match.message).toMatch(/, 'n26' and 80 more\.$/)
  expect(match.unknown[0]!.known).toHaveLength(100)
  expect(matchSites({ cloud: 'aws' }, many)).toMatchObject({
    message: "No site has the cloud 'aws'; no site has a cloud.",
  })
})

test('behavior: within some km of a point, and what is misspelt as well', () => {
  const at = (latitude: number, longitude: number): Pick<SelectableSite, 'coordinates'> => ({
    coordinates: { latitude, longitude },
  })
  const placed = [
    { ...sites[0]!, ...at(0, 0) },
    { ...sites[1]!, ...at(0, 1) },
    sites[2]!,
  ]
  const hits = (km: number, name?: string): unknown =>
    matchSites({ within: { latitude: 0, longitude: 0, km }, name }, placed)
  // A degree of the equator is 111.2 km long.
  for (const km of [0, 111]) expect(hits(km)).toMatchObject({ ok: true, hits: [0] })
  expect(hits(112)).toMatchObject({ ok: true, hits: [0, 1] })
  expect(hits(112, 'v1')).toMatchObject({ ok: true, hits: [1] })
  expect(hits(20_000, 'v2')).toEqual({
    ok: false,
    unknown: [],
    message: "No site has at once name 'v2' and coordinates within 20000 km of 0, 0.",
  })
})

test('behavior: by autonomous system', () => {
  const routed = [sites[0]!, site('r', 'relay', undefined, { autonomousSystem: 'AS64500' })]
  const match = matchSites({ autonomousSystem: 'AS64500' }, routed)
  expect(match).toEqual({ ok: true, hits: [1], unknown: [] })
})
