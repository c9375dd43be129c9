import { announceFetch, edgeTopology, type NodeId } from '@counterpoise/network'
import { describe, expect, test } from 'vitest'
import { type ScriptedOptions, scripted } from './testing/scripted.ts'

/** 0 — 1 — 2 — 3 */
const line = edgeTopology({
  size: 4,
  edges: [
    [0, 1],
    [1, 2],
    [2, 3],
  ],
})

/** The first member says something; who gets it, and when. */
function hearsay(
  options: ScriptedOptions,
  accepts?: (self: NodeId, from: NodeId) => boolean,
): string[] {
  const { simulation, lines } = scripted(
    (context, log) => ({
      start: () => {
        if (context.self === 0) context.broadcast({ text: 'news' }, 100)
      },
      receive: (from, { text }) => log(`${text} from ${from}`),
      ...(accepts && { accepts: (from: NodeId) => accepts(context.self, from) }),
    }),
    { size: 4, topology: line, ...options },
  )
  simulation.run()
  return lines
}

describe('gossip', () => {
  test('default: everybody passes on what is new', () => {
    expect(hearsay({})).toEqual(['10 #1 news from 0', '20 #2 news from 1', '30 #3 news from 2'])
  })

  test('behavior: what a replica does not accept it receives, and does not pass on', () => {
    const asked: string[] = []
    const heard = hearsay({}, (self, from) => {
      asked.push(`${self} of ${from}`)
      return self !== 2
    })
    expect(heard).toEqual(['10 #1 news from 0', '20 #2 news from 1'])
    expect(asked).toEqual(['1 of 0', '2 of 1'])
  })

  test('behavior: another protocol than flooding, to the same gate', () => {
    // An announcement, a request and the content: three times the delay of a link.
    const broadcast = announceFetch()
    expect(hearsay({ broadcast })).toEqual([
      '30 #1 news from 0',
      '60 #2 news from 1',
      '90 #3 news from 2',
    ])
    expect(hearsay({ broadcast }, (self) => self !== 1)).toEqual(['30 #1 news from 0'])
  })

  test('behavior: a model that sends straight, by a protocol all the same', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({
        start: () => {
          if (context.self === 0) context.broadcast({ text: 'news' }, 100)
        },
        receive: () => log(`of ${context.neighbours().join(' ')}`),
      }),
      { size: 3, broadcast: announceFetch() },
    )
    simulation.run()
    expect(lines).toEqual(['30 #1 of 0 2', '30 #2 of 0 1'])
  })

  test('a replica knows whom it is connected with', () => {
    const { simulation, lines } = scripted(
      (context, log) => ({ start: () => log(`${context.neighbours().join(' ')}`) }),
      { size: 4, topology: line },
    )
    simulation.run()
    expect(lines).toEqual(['0 #0 1', '0 #1 0 2', '0 #2 1 3', '0 #3 2'])
  })
})
