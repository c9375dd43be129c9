import { bench, describe } from 'vitest'
import { gossipMesh } from '../src/index.ts'
import { createDirect, createFlood, createMeshed } from './worlds.ts'

/** Nodes of a mesh; a flood over mean degree 10 delivers 9 copies to each. */
const size = 10_000
const shared = { streams: 'shared' } as const

describe('network/broadcast', () => {
  const direct = createDirect(1_000)
  bench('direct/receivers=1000', direct.run)
})

describe(`network/mesh/nodes=${size}`, () => {
  const few = { iterations: 3, warmupIterations: 1 }
  const perNode = createFlood(size, {})
  bench(`flood/streams=perNode/nodes=${size}`, perNode.run, few)
  const delivered = createFlood(size, shared)
  bench(`flood/streams=shared/nodes=${size}`, delivered.run, few)
  const counted = createFlood(size, { ...shared, duplicates: 'counted' })
  bench(`flood/streams=shared/duplicates=counted/nodes=${size}`, counted.run, few)
  const mesh = createMeshed(size, gossipMesh(), shared)
  bench(`gossipMesh/streams=shared/messages=10/nodes=${size}`, mesh.run, few)
})
