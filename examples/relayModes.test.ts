import { expect, test } from 'vitest'
import { compareRelays, relays } from './relayModes.ts'

test('relays of fewer round trips and fewer bytes are faster', async () => {
  const figures = await compareRelays({ relays: 183, blocks: 8 })
  expect(figures.map(({ name }) => name)).toEqual(Object.keys(relays))
  const medianOf = (wanted: string): number => figures.find(({ name }) => name === wanted)!.median
  const inOrder = ['compact', 'compact, low bandwidth', 'inv', 'headersFirst'].map(medianOf)
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
  // A header takes as long as a hash, and one question less.
  expect(medianOf('sendHeaders') / medianOf('inv')).toBeCloseTo(1, 1)
  const unawareOf = (wanted: string): number => figures.find(({ name }) => name === wanted)!.unaware
  expect(unawareOf('inv, relay network')).toBeLessThan(unawareOf('inv') / 2)
  for (const { unaware, staleShare } of figures) {
    expect(staleShare).toBeCloseTo(unaware / (600 + unaware), 12)
  }
})
