/** One floor of the house; a room is the name of a package's folder. */
export type Floor = {
  rooms: readonly string[]
  /** The one room that its neighbours on the same floor may import. */
  shared?: string | undefined
}

/**
 * The floors from the ground up. A package imports only from floors below its own; the one thing
 * allowed sideways is a floor's shared room: the contract that every model on it implements.
 */
export const floors: readonly Floor[] = [
  { rooms: ['engine'] },
  { rooms: ['network', 'ledger'] },
  {
    rooms: [
      'consensus',
      'consensus-pow',
      'consensus-pos',
      'consensus-simplex',
      'consensus-hotstuff',
      'consensus-classics',
    ],
    shared: 'consensus',
  },
  { rooms: ['rails', 'economy', 'workload', 'faults'] },
  { rooms: ['scenario'] },
  { rooms: ['lab'] },
  { rooms: ['plot', 'testkit'] },
  { rooms: ['counterpoise'] },
  { rooms: ['cli', 'viewer'] },
  { rooms: ['examples', 'docs'], shared: 'examples' },
]

/** Up to this floor the code must run in a browser as well. */
export const lastPortableFloor = 3

/** Up to this floor the code is models, which repeat bit for bit on every machine. */
export const lastModelFloor = 4

/** Tools of the repository: no floor, and no use outside tests and benchmarks. */
export const toolRoom = 'dev'

/** The floor a room is on, counted from 0, or undefined for a room that is on none. */
export const floorOf = (room: string): number | undefined => {
  const index = floors.findIndex(({ rooms }) => rooms.includes(room))
  return index < 0 ? undefined : index
}
