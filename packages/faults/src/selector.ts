import { type Attributes, type Coordinates, greatCircleKm } from '@counterpoise/network'

/** One value, or several of which any will do. */
export type OneOrMore = string | readonly string[]

/**
 * Whom a fault hits: the sites that match every property given. Without any it hits all.
 *
 * @example
 * const virginia: Selector = { cloud: 'aws', region: ['us-east-1', 'us-east-2'] }
 */
export type Selector = {
  region?: OneOrMore | undefined
  operator?: OneOrMore | undefined
  cloud?: OneOrMore | undefined
  country?: OneOrMore | undefined
  client?: OneOrMore | undefined
  /** What routes its traffic, e.g. `AS16509`. */
  autonomousSystem?: OneOrMore | undefined
  /** The part it plays, e.g. `validator` or `access`. */
  role?: OneOrMore | undefined
  /** The site's own name. */
  name?: OneOrMore | undefined
  /** The name of the rail it belongs to. */
  rail?: OneOrMore | undefined
  /** At most so far from a point, along the great circle; whoever has no coordinates is not. */
  within?: Within | undefined
}

/** A circle on the globe. */
export type Within = Coordinates & { km: number }

/** What a selector looks at by its name. */
export const selectorKeys = [
  'region',
  'operator',
  'cloud',
  'country',
  'client',
  'autonomousSystem',
  'role',
  'name',
  'rail',
] as const satisfies readonly Exclude<keyof Selector, 'within'>[]
export type SelectorKey = (typeof selectorKeys)[number]

/** As much of a site as a selector looks at. */
export type SelectableSite = {
  name: string
  role: string
  /** The name of its rail. */
  rail?: string | undefined
  attributes: Attributes
  coordinates?: Coordinates | undefined
}

/** A value of a selector that no site has. */
export type UnknownValue = {
  key: SelectorKey
  found: string
  /** What the sites do have, in alphabetical order. */
  known: readonly string[]
}

/** Whom a selector hits. Unknown values are reported in both cases: they are likely misspelt. */
export type SiteMatch =
  | {
      ok: true
      /** Places of the sites hit in the given list, ascending; never empty. */
      hits: readonly number[]
      unknown: readonly UnknownValue[]
    }
  | {
      ok: false
      unknown: readonly UnknownValue[]
      /** Why nothing is hit, with the values that would be known. */
      message: string
    }

/** Finds the sites that a selector hits. */
export function matchSites(selector: Selector, sites: readonly SelectableSite[]): SiteMatch {
  const wanted = selectorKeys.flatMap((key) => {
    const values = selector[key]
    if (values === undefined) return []
    return [{ key, values: typeof values === 'string' ? [values] : values }]
  })
  const unknown = wanted.flatMap(({ key, values }) => {
    const known = [...new Set(sites.flatMap((site) => valueOf(site, key) ?? []))].sort()
    return values.flatMap((found) => (known.includes(found) ? [] : [{ key, found, known }]))
  })
  const hits = sites.flatMap((site, index) => {
    const all = wanted.every(({ key, values }) => {
      const value = valueOf(site, key)
      return value !== undefined && values.includes(value)
    })
    return all && isWithin(site, selector.within) ? [index] : []
  })
  if (hits.length > 0) return { ok: true, hits, unknown }
  return { ok: false, unknown, message: explain({ wanted, selector, unknown }, sites.length) }
}

const isWithin = ({ coordinates }: SelectableSite, within: Within | undefined): boolean =>
  within === undefined ||
  (coordinates !== undefined && greatCircleKm(coordinates, within) <= within.km)

function valueOf(site: SelectableSite, key: SelectorKey): string | undefined {
  return key === 'name' || key === 'role' || key === 'rail' ? site[key] : site.attributes[key]
}

type Wanted = { key: SelectorKey; values: readonly string[] }

type Missed = { wanted: readonly Wanted[]; selector: Selector; unknown: readonly UnknownValue[] }

function explain({ wanted, selector, unknown }: Missed, siteCount: number): string {
  if (siteCount === 0) return 'There are no sites that a fault could hit.'
  const empty = wanted.find(({ values }) => values.length === 0)
  if (empty !== undefined) return `The list of '${empty.key}' is empty, so it hits nothing.`
  if (unknown.length === 0) {
    const all = wanted.map(({ key, values }) => `${key} ${values.map(quoted).join(' or ')}`)
    if (selector.within !== undefined) {
      const { latitude, longitude, km } = selector.within
      all.push(`coordinates within ${km} km of ${latitude}, ${longitude}`)
    }
    return `No site has at once ${all.join(' and ')}.`
  }
  return unknown
    .map(({ key, found, known }) => {
      const have = known.length === 0 ? `no site has a ${key}` : `known: ${listed(known)}`
      return `No site has the ${key} ${quoted(found)}; ${have}.`
    })
    .join(' ')
}

const quoted = (text: string): string => `'${text}'`

/** At most so many known values are listed in a message; all are in `unknown`. */
const listedMax = 20

function listed(values: readonly string[]): string {
  const rest = values.length - listedMax
  const shown = values.slice(0, listedMax).map(quoted).join(', ')
  return rest > 0 ? `${shown} and ${rest} more` : shown
}
