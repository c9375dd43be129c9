import type { Coordinates } from '../places.ts'

/**
 * Where the regions of `awsLatency` lie: the city or county for which each is known, to a tenth of
 * a degree, about 10 km. The data centres themselves are spread over tens of kilometres around it.
 * Assumed: taken from maps in general use, not from a published table.
 */
export const awsCoordinates: Readonly<Record<string, Coordinates>> = {
  // Northern Virginia
  'us-east-1': { latitude: 38.9, longitude: -77.4 },
  // Ohio
  'us-east-2': { latitude: 40, longitude: -83 },
  // Northern California
  'us-west-1': { latitude: 37.4, longitude: -121.9 },
  // Oregon
  'us-west-2': { latitude: 45.8, longitude: -119.7 },
  // Montréal
  'ca-central-1': { latitude: 45.5, longitude: -73.6 },
  // São Paulo
  'sa-east-1': { latitude: -23.5, longitude: -46.6 },
  // Dublin
  'eu-west-1': { latitude: 53.3, longitude: -6.3 },
  // London
  'eu-west-2': { latitude: 51.5, longitude: -0.1 },
  // Frankfurt
  'eu-central-1': { latitude: 50.1, longitude: 8.7 },
  // Stockholm
  'eu-north-1': { latitude: 59.3, longitude: 18.1 },
  // Mumbai
  'ap-south-1': { latitude: 19.1, longitude: 72.9 },
  // Singapore
  'ap-southeast-1': { latitude: 1.35, longitude: 103.8 },
  // Sydney
  'ap-southeast-2': { latitude: -33.9, longitude: 151.2 },
  // Tokyo
  'ap-northeast-1': { latitude: 35.7, longitude: 139.7 },
  // Seoul
  'ap-northeast-2': { latitude: 37.6, longitude: 127 },
  // Hong Kong
  'ap-east-1': { latitude: 22.3, longitude: 114.2 },
  // Bahrain
  'me-south-1': { latitude: 26.1, longitude: 50.6 },
  // Cape Town
  'af-south-1': { latitude: -33.9, longitude: 18.4 },
  // Taipei
  'ap-east-2': { latitude: 25, longitude: 121.5 },
  // Osaka
  'ap-northeast-3': { latitude: 34.7, longitude: 135.5 },
  // Hyderabad
  'ap-south-2': { latitude: 17.4, longitude: 78.5 },
  // Jakarta
  'ap-southeast-3': { latitude: -6.2, longitude: 106.8 },
  // Melbourne
  'ap-southeast-4': { latitude: -37.8, longitude: 145 },
  // Kuala Lumpur
  'ap-southeast-5': { latitude: 3.1, longitude: 101.7 },
  // Bangkok
  'ap-southeast-7': { latitude: 13.8, longitude: 100.5 },
  // Calgary
  'ca-west-1': { latitude: 51, longitude: -114.1 },
  // Zürich
  'eu-central-2': { latitude: 47.4, longitude: 8.5 },
  // Milan
  'eu-south-1': { latitude: 45.5, longitude: 9.2 },
  // Aragón
  'eu-south-2': { latitude: 41.6, longitude: -0.9 },
  // Paris
  'eu-west-3': { latitude: 48.9, longitude: 2.4 },
  // Tel Aviv
  'il-central-1': { latitude: 32.1, longitude: 34.8 },
  // Abu Dhabi
  'me-central-1': { latitude: 24.5, longitude: 54.4 },
  // Querétaro
  'mx-central-1': { latitude: 20.6, longitude: -100.4 },
}
