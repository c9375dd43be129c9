import { none, sharedTypes } from '@counterpoise/consensus/parts'
import { seconds } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { describe, expect, test } from 'vitest'
import { timers } from './core.ts'
import { messageTypes } from './messages.ts'
import { createMember } from './testing.ts'

describe('what a member prepares', () => {
  test('default: what the primary of the view proposes, and nobody else', () => {
    const { append, prepares, propose } = createMember()
    propose(append(2), 0, 2)
    expect(prepares()).toEqual([])
    const block = append(0)
    propose(block, 0)
    expect(prepares()).toEqual([block])
  })

  test('behavior: nothing that execution refuses, nor a second proposal in its place', () => {
    const { append, invalid, prepares, propose } = createMember()
    const [refused, other] = [append(0), append(0)]
    invalid.add(refused)
    propose(refused, 0)
    propose(other, 0)
    expect(prepares()).toEqual([])
  })

  test('behavior: nothing that does not stand on the final block', () => {
    const { append, prepares, propose, replica } = createMember()
    const [final, rival] = [append(0), append(0)]
    const block = append(0, rival)
    for (const each of [final, rival]) replica.receive(0, { type: sharedTypes.block, block: each })
    replica.receive(0, { type: sharedTypes.decision, block: final })
    propose(block, 0)
    expect(prepares()).toEqual([])
  })

  test('behavior: nothing in a view that it has given up, nor does it commit to anything', () => {
    const { append, commits, prepares, propose, replica, vote } = createMember()
    const block = append(0)
    propose(block, 0)
    replica.expire(timers.progress)
    for (const from of [1, 2]) vote('prepare', from, block, 0)
    expect(commits()).toEqual([])
    const late = createMember()
    late.replica.expire(timers.progress)
    late.propose(late.append(0), 0)
    expect([prepares(), late.prepares()]).toEqual([[block], []])
  })
})

describe('a new view', () => {
  test.each([
    { why: 'too few want it', wanted: [[0, 1], [1, 1]] },
    { why: 'one of them wants another one', wanted: [[0, 1], [1, 1], [2, 2]] },
    { why: 'one of them is counted twice', wanted: [[0, 1], [1, 1], [1, 1]] },
  ] as const)('is not entered where $why', ({ wanted }) => {
    const { append, begin, change, prepares, propose } = createMember()
    begin(wanted.map(([from, view]) => change(from, view)))
    const block = append(1)
    propose(block, 1)
    expect(prepares()).toEqual([])
    begin([0, 1, 2].map((from) => change(from, 1)))
    expect(prepares()).toEqual([block])
  })

  test('is asked for with others, for the lowest one that any of them wants', () => {
    const { change, replica, said } = createMember()
    replica.receive(0, change(0, 3))
    // What it said before comes late, and is of no more use.
    replica.receive(0, change(0, 1))
    expect(said('viewChange')).toEqual([])
    replica.receive(1, change(1, 2))
    expect(said('viewChange')).toMatchObject([{ view: 2, from: 3 }])
  })

  test('behavior: what was asked for last counts, whatever comes after it', () => {
    const { change, replica, said } = createMember()
    replica.receive(0, change(0, 3))
    replica.receive(0, change(0, 1))
    replica.receive(1, change(1, 3))
    expect(said('viewChange')).toMatchObject([{ view: 3, from: 3 }])
  })
})

test('timeouts double with each view in a row, and are as ever after a decision', () => {
  const { append, begin, change, propose, replica, said, spans, vote } = createMember()
  replica.expire(timers.progress)
  begin([0, 1, 2].map((from) => change(from, 1)))
  const block = append(1)
  propose(block, 1)
  for (const from of [1, 2]) {
    vote('prepare', from, block, 1)
    vote('commit', from, block, 1)
  }
  const progress = spans.filter(({ timer }) => timer === timers.progress)
  expect(progress.map(({ span }) => span)).toEqual([3, 2, 6, 3].map(seconds))
  // What was prepared for that height binds nobody any more.
  replica.expire(timers.progress)
  expect(said('viewChange').at(-1)).toMatchObject({
    ...{ view: 2, final: block, prepared: none, preparedView: none },
  })
})

describe('who is behind', () => {
  test('asks what has been decided when half of its time is up', () => {
    const { replica, sent, spans } = createMember()
    expect(spans).toEqual([
      { timer: timers.progress, span: seconds(3) },
      { timer: timers.nudge, span: seconds(1.5) },
    ])
    replica.expire(timers.nudge)
    const message = { type: sharedTypes.decisionRequest, above: 0 }
    expect(sent).toEqual([{ to: 2, message }])
  })

  test('behavior: and is told so, if it wants another view', () => {
    const { append, change, replica, sent } = createMember()
    const block = append(0)
    replica.receive(0, { type: sharedTypes.block, block })
    replica.receive(0, { type: sharedTypes.decision, block })
    sent.length = 0
    replica.receive(1, change(1, 1))
    expect(sent).toEqual([{ to: 1, message: { type: sharedTypes.decision, block } }])
    // Who knows it is not told, and who knows more tells this member.
    replica.receive(1, change(1, 1, { final: block }))
    const next = append(0, block)
    replica.receive(2, change(2, 0, { final: next }))
    expect(sent.slice(1).map(({ message }) => message.type)).toEqual([sharedTypes.blockRequest])
  })

  test('behavior: is shown how the view began that it asks for, unless that is given up', () => {
    const { begin, change, replica, sent } = createMember()
    const changes = [0, 1, 2].map((from) => change(from, 1))
    begin(changes)
    replica.receive(2, change(2, 1))
    const message = { type: messageTypes.newView, view: 1, changes }
    expect(sent).toEqual([{ to: 2, message }])
    replica.expire(timers.progress)
    sent.length = 0
    replica.receive(2, change(2, 1))
    expect(sent).toEqual([])
  })
})

describe('a primary that waits for the final block', () => {
  test.each([false, true])('proposes when it comes, unless it gave up: %s', (isGivenUp) => {
    const { append, hold, replica, said } = createMember(0)
    const block = append(3)
    replica.receive(1, { type: sharedTypes.decision, block })
    replica.expire(timers.propose)
    expect(said('prePrepare')).toEqual([])
    if (isGivenUp) replica.expire(timers.progress)
    hold(block)
    expect(said('prePrepare')).toHaveLength(isGivenUp ? 0 : 1)
  })
})

test('who comes back after an outage asks once more for the view that it wants', () => {
  const { replica, said, spans } = createMember()
  replica.recover()
  expect(said('viewChange')).toEqual([])
  expect(spans.filter(({ timer }) => timer === timers.progress)).toHaveLength(2)
  replica.expire(timers.progress)
  replica.recover()
  expect(said('viewChange')).toMatchObject([{ view: 1 }, { view: 1 }])
})

test('votes for heights far ahead are not taken in', () => {
  for (const [height, isTaken] of [[17, true], [18, false]] as const) {
    const { append, replica, said, vote } = createMember()
    let block = append(0)
    while (block < height) block = append(0, block)
    for (const from of [0, 1, 2]) vote('commit', from, block, 0)
    replica.expire(timers.progress)
    expect(said('viewChange')).toMatchObject([{ final: isTaken ? block : genesis }])
  }
})
