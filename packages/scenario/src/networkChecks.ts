import { BaseError, createSimulation } from '@counterpoise/engine'
import { awsCoordinates, awsLatency } from '@counterpoise/network'
import { shown, suggestion } from './errors.ts'
import { isMinerLevel, networkIn } from './minerLevel.ts'
import { latencyOf, matrixOf } from './network/latencyOf.ts'
import { broadcastOf } from './network/networkOf.ts'
import { coordinatesOf, regionsOfSix } from './network/regions.ts'
import { topologyOf } from './network/topologyOf.ts'
import { followersOf, relayRegionsOf, validatorsOf } from './planned.ts'
import type { ChainConfig } from './schema/rails.ts'
import type { Problem } from './sourced.ts'

type Path = readonly PropertyKey[]

/** What keeps the network of a chain from being laid as the schema lets it be written. */
export function networkProblems(rail: ChainConfig, at: Path, seed: string): Problem[] {
  const own = [...at, 'network']
  // Without these there are no places, or no texts, to look at.
  const missing = [...fileProblems(rail, own), ...relayProblems(rail, at)]
  if (missing.length > 0) return missing
  return [
    ...unusedProblems(rail, own),
    ...impossible([...own, 'latency'], 'a latency that can be', () =>
      latencyOf(rail.network.latency, []),
    ),
    ...impossible([...own, 'broadcast'], 'a broadcast that can be', () =>
      broadcastOf(rail.network),
    ),
    ...regionProblems(rail, at),
    ...impossible([...own, 'topology'], 'a topology that can exist', () => {
      const { access, relays } = followersOf(rail)
      const places = [...validatorsOf(rail), ...access, ...relays]
      const { stream } = createSimulation({ seed, replication: 0 })
      topologyOf(networkIn(rail).topology, places, stream(`${String(at.at(-1))}/topology`))
    }),
  ]
}

/** Options that nobody would look at, as blocks do not travel by messages of the network. */
function unusedProblems(rail: ChainConfig, at: Path): Problem[] {
  const { network, consensus } = rail
  const hasRelay = network.broadcast === undefined && network.topology.kind !== 'complete'
  if (consensus.kind !== 'nakamoto' || !hasRelay || isMinerLevel(rail)) return []
  const hint = 'the block relay has its own way; `broadcast` chooses another one'
  const unused = (path: Path, found: unknown): Problem => ({
    ...{ at: [...at, ...path], expected: 'nothing', found: shown(found), hint },
  })
  const { duplicates, streams, fifo, bandwidth } = network
  return [
    ...(duplicates === undefined ? [] : [unused(['duplicates'], duplicates)]),
    ...(streams === undefined ? [] : [unused(['streams'], streams)]),
    ...(fifo ? [unused(['fifo'], fifo)] : []),
    ...(bandwidth?.mode === 'fair' ? [unused(['bandwidth', 'mode'], bandwidth.mode)] : []),
  ]
}

/** The problem of what cannot be made, in the words of who cannot make it. */
export function impossible(at: Path, expected: string, make: () => unknown): Problem[] {
  try {
    make()
    return []
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause
    const [shortMessage = '', ...lines] = cause.message.split('\n')
    const hint = lines.map((line) => line.trim().replaceAll(/\s+/g, ' ')).join(' ')
    const found = shortMessage.replace(/\.$/, '').replace(/^[A-Z](?=[a-z]* )/, lowerCase)
    return [{ at, expected, found, hint: hint === '' ? undefined : hint }]
  }
}

const lowerCase = (letter: string): string => letter.toLowerCase()

/** A file that nobody has read, or two texts at once. */
function fileProblems({ network }: ChainConfig, at: Path): Problem[] {
  const parts = [
    ['latency', network.latency],
    ['topology', network.topology],
  ] as const
  return parts.flatMap(([key, part]): Problem[] => {
    if (part.kind !== 'matrixFile' && part.kind !== 'edges') return []
    if (part.csv !== undefined && part.file === undefined) return []
    const path = [...at, key]
    if (part.file === undefined) {
      return [{ at: path, expected: 'a `file`, or the text itself as `csv`', found: 'neither' }]
    }
    const hint = 'in a script, give the text itself: `csv`'
    const expected = part.csv === undefined ? 'a scenario that was read from a file' : 'one text'
    const found = part.csv === undefined ? shown(part.file) : 'a `file` and a `csv`'
    return [{ at: [...path, 'file'], expected, found, hint }]
  })
}

function relayProblems(rail: ChainConfig, at: Path): Problem[] {
  if (rail.relays === undefined || relayRegionsOf(rail).length > 0) return []
  const expected = 'where relays stand, as latency is not that of six regions'
  return [{ at: [...at, 'relays', 'regions'], expected, found: 'nothing' }]
}

/** Regions that the latency or the bandwidth does not know. */
function regionProblems(rail: ChainConfig, at: Path): Problem[] {
  const tables = tablesOf(rail)
  if (tables.length === 0) return []
  const check = (place: Placed, path: Path): Problem[] => {
    const table = tables.find(({ knows }) => !knows(place))
    if (table === undefined) return []
    const { known, what } = table
    const expected = `a region of ${what} (${known.join(', ')})`
    const hint = suggestion(place.region, known)
    return [{ at: [...at, ...path], expected, found: shown(place.region), hint }]
  }
  const listed = Array.isArray(rail.validators) ? rail.validators : []
  return [
    ...listed.flatMap((place, k) => check(place, ['validators', k, 'region'])),
    ...(rail.association?.motions ?? []).flatMap((motion, k) => {
      const path = ['association', 'motions', k, 'member', 'region']
      return motion.what === 'admit' ? check(motion.member, path) : []
    }),
    ...rail.access.nodes.flatMap((place, k) => check(place, ['access', 'nodes', k, 'region'])),
    ...(rail.regions ?? []).flatMap((region, k) => check({ region }, ['regions', k])),
    ...(rail.relays?.regions ?? []).flatMap((place, k) =>
      check(place, ['relays', 'regions', k, 'region']),
    ),
  ]
}

type Placed = { region: string; coordinates?: { latitude: number; longitude: number } | undefined }
type Table = { what: string; known: readonly string[]; knows: (place: Placed) => boolean }

const tableOf = (what: string, known: readonly string[]): Table => ({
  what,
  known,
  knows: ({ region }) => known.includes(region),
})

/** What must know the regions of a chain. */
function tablesOf({ network }: ChainConfig): Table[] {
  const { latency, bandwidth } = network
  const rates = [bandwidth?.upMbps, bandwidth?.downMbps]
  const isByRegion = rates.some((rate) => typeof rate === 'object' && rate.kind === 'regions')
  const tables = isByRegion ? [tableOf('the table of bandwidths', regionsOfSix)] : []
  if (latency.kind === 'measured') {
    tables.unshift(tableOf('the latency matrix', awsLatency.regions))
  } else if (latency.kind === 'sixRegions') {
    tables.unshift(tableOf('the table of six regions', regionsOfSix))
  } else if (latency.kind === 'distance') {
    tables.unshift({
      ...tableOf('known coordinates, or `coordinates`', Object.keys(awsCoordinates)),
      knows: ({ region, coordinates }) =>
        coordinatesOf({ coordinates, attributes: { region, operator: '' } }) !== undefined,
    })
  } else if (latency.kind === 'matrix' || latency.kind === 'matrixFile') {
    const regions = regionsOf(latency)
    if (regions !== undefined) tables.unshift(tableOf("the scenario's own matrix", regions))
  }
  return tables
}

/** Undefined where there is no matrix to know any; that is told elsewhere. */
function regionsOf(latency: Parameters<typeof matrixOf>[0]): readonly string[] | undefined {
  if (latency.kind === 'matrix') return latency.regions
  try {
    return matrixOf(latency).regions
  } catch {
    return undefined
  }
}
