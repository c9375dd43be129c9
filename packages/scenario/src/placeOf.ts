import type { Attributes, Coordinates, Place } from '@counterpoise/network'

/** Takes the attributes out of a flat entry. */
export function placeOf(
  entry: { name: string; coordinates?: Coordinates | undefined } & Attributes,
): Place {
  const { name, coordinates, region, operator, cloud, country, client, autonomousSystem } = entry
  const attributes = { region, operator, cloud, country, client, autonomousSystem }
  return coordinates === undefined ? { name, attributes } : { name, attributes, coordinates }
}
