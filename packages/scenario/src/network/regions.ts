import {
  awsCoordinates,
  awsLatency,
  type Coordinates,
  type Place,
  sixRegions2015,
  sixRegions2019,
  type SixRegions,
} from '@counterpoise/network'

/** The tables of six regions, by their year. */
export const sixRegionTables: Readonly<Record<'2015' | '2019', SixRegions>> = {
  2015: sixRegions2015,
  2019: sixRegions2019,
}

const names = sixRegions2015.latency.regions

/**
 * The one of the six regions in which a place lies: itself, or that of a cloud region by its name.
 * The tables have no Africa and no Middle East; their cloud regions are taken for Europe, whose
 * cables they share (assumed).
 */
export function sixRegionOf(region: string): string | undefined {
  if (names.includes(region)) return region
  if (!awsLatency.regions.includes(region)) return undefined
  if (region === 'ap-northeast-1' || region === 'ap-northeast-3') return 'japan'
  if (region === 'ap-southeast-2' || region === 'ap-southeast-4') return 'australia'
  return continents[region.slice(0, 2)]
}

const continents: Readonly<Record<string, string>> = {
  us: 'north-america',
  ca: 'north-america',
  mx: 'north-america',
  sa: 'south-america',
  ap: 'asia-pacific',
  eu: 'europe',
  il: 'europe',
  me: 'europe',
  af: 'europe',
}

/** All regions that `sixRegionOf` knows. */
export const regionsOfSix: readonly string[] = [...names, ...awsLatency.regions]

/** Where a place lies: as it says itself, or as its cloud region does. */
export function coordinatesOf(
  place: Pick<Place, 'attributes' | 'coordinates'>,
): Coordinates | undefined {
  const { coordinates, attributes } = place
  const { region } = attributes
  if (coordinates !== undefined) return coordinates
  return Object.hasOwn(awsCoordinates, region) ? awsCoordinates[region] : undefined
}
