import { fuzzParameters } from '@counterpoise/dev'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkStream } from '../testing/soundGraph.ts'
import { createMesh, type Mesh } from './mesh.ts'

const size = 9
const nodes = Array.from({ length: size }, (_, node) => node)

const step = fc.record({ does: fc.constantFrom('fill', 'down', 'up'), node: fc.nat(size - 1) })
const steps = fc.array(step, { maxLength: 40 })
/** Who is connected with whom: a link for each pair that is told. */
const pairs = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 50 })

test('property: links are mutual, within bounds, and missing only where nobody has room', () => {
  const bounds = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(2))
  fc.assert(
    fc.property(steps, pairs, bounds, (what, known, [degree, more]) => {
      const degreeMax = degree + more
      const up = new Set(nodes)
      const areConnected = (one: number, other: number): boolean =>
        one !== other && known.some((pair) => pair.includes(one) && pair.includes(other))
      const connected = (node: number): Int32Array =>
        Int32Array.from(nodes.filter((other) => areConnected(node, other)))
      const isUp = (node: number): boolean => up.has(node)
      const stream = linkStream('mesh')
      const mesh = createMesh({ size, degree, degreeMax, connected, isUp, stream })
      for (const { does, node } of what) {
        const before = nodes.map((each) => [...mesh.of(each)])
        if (does === 'up') up.add(node)
        else if (does === 'down') {
          up.delete(node)
          for (const other of mesh.of(node).slice()) mesh.unlink(node, other)
          expect(mesh.count(node)).toBe(0)
        } else if (up.has(node)) {
          mesh.fill(node)
          const suits = (other: number): boolean => up.has(other) && areConnected(node, other)
          expectFilled(mesh, { node, degree, degreeMax, before }, suits)
        }
        for (const each of nodes) {
          const row = [...mesh.of(each)]
          expect(row).toEqual(row.map((_, index) => mesh.link(each, index)))
          expect(new Set(row).size).toBe(row.length)
          expect(row.length).toBeLessThanOrEqual(degreeMax)
          for (const other of row) {
            expect(areConnected(each, other) && up.has(each) && mesh.has(other, each)).toBe(true)
          }
        }
      }
    }),
    fuzzParameters(100),
  )
})

type Filled = { node: number; degree: number; degreeMax: number; before: readonly number[][] }

function expectFilled(mesh: Mesh, filled: Filled, suits: (other: number) => boolean): void {
  const { node, degree, degreeMax, before } = filled
  expect(mesh.count(node)).toBeLessThanOrEqual(Math.max(degree, before[node]!.length))
  const left = nodes.filter((other) => suits(other) && !mesh.has(node, other))
  // It has what it wants, or all that are left are full.
  if (mesh.count(node) < degree) {
    expect(left.map(mesh.count)).toEqual(left.map(() => degreeMax))
  }
  // Who lacked links himself came first.
  const gained = nodes.filter((other) => mesh.has(node, other) && !before[node]!.includes(other))
  if (gained.some((other) => before[other]!.length >= degree)) {
    expect(left.filter((other) => mesh.count(other) < degree)).toEqual([])
  }
}
