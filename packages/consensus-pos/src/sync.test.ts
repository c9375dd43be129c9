import { equalCommittee, type ReplicaContext } from '@counterpoise/consensus'
import { createStream } from '@counterpoise/engine'
import { createBlockStore } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import { createChain } from './chain.ts'
import type { GasperMessage } from './messages.ts'
import { createStore } from './store.ts'
import { createSync } from './sync.ts'

/** Node 0 of four with a chain of ten blocks, of which it has none; it keeps what it sends. */
function setUp() {
  const blocks = createBlockStore()
  const chain = createChain(blocks, new Float64Array(4).fill(1), 32)
  const path: number[] = []
  for (let slot = 1; slot <= 10; slot++) {
    const parent = path.at(-1) ?? 0
    path.push(blocks.append({ parent, proposer: 3, time: 0, round: slot, bytes: 1_000 }))
  }
  const ignore = (): void => {}
  const store = createStore({ chain, proposerBoost: 0, onJustified: ignore, onFinalised: ignore })
  store.tick(20)
  const sent: { to: number; message: GasperMessage; bytes: number }[] = []
  const stream = createStream({ seed: 'sync', replication: 0, purpose: 'peers' })
  const context = {
    self: 0,
    committee: equalCommittee(4),
    blocks,
    random: () => stream,
    send: (to: number, message: GasperMessage, bytes: number) => sent.push({ to, message, bytes }),
    setTimer: ignore,
    clearTimer: ignore,
  } as unknown as ReplicaContext<GasperMessage>
  const accept = (block: number): void => {
    if (store.judge(block) !== 'acceptable') return
    store.addBlock(block, false)
    sync.release(block)
  }
  const sync = createSync({
    context,
    store,
    timer: 4,
    requestTimeout: 1,
    requestBytes: 100,
    requestBlocksMax: 4,
    accept,
  })
  return { path, store, sent, accept, sync }
}

test('default: an orphan’s chain is fetched piece by piece', () => {
  const { path, sent, store, sync } = setUp()
  const end = path[8]!
  sync.keep(end, 2)
  const request = { kind: 'request', want: end, have: 0 }
  expect(sent.at(-1)).toEqual({ to: 2, message: request, bytes: 100 })
  sync.take(2, { kind: 'answer', want: end, end, blocks: path.slice(0, 4) })
  expect(sent.at(-1)!.message).toEqual({ kind: 'request', want: end, have: path[3] })
  sync.take(2, { kind: 'answer', want: end, end, blocks: path.slice(4, 9) })
  expect(store.head()).toBe(end)
  expect(sent).toHaveLength(2)
})

test('behavior: a child that came before its parent follows it', () => {
  const { accept, path, store, sync } = setUp()
  sync.keep(path[2]!, 2)
  sync.keep(path[1]!, 1)
  accept(path[0]!)
  expect(store.head()).toBe(path[2])
})

test('behavior: the sender, the proposer and others are asked in turn, not for ever', () => {
  const { path, sent, sync } = setUp()
  sync.keep(path[8]!, 2)
  for (let attempt = 0; attempt < 20; attempt++) sync.retry()
  expect(sent.map(({ to }) => to).slice(0, 2)).toEqual([2, 3])
  expect(sent.every(({ to }) => to !== 0)).toBe(true)
  expect(sent).toHaveLength(8)
})

test('behavior: a request is answered with the first blocks above the common ancestor', () => {
  const { accept, path, sent, sync } = setUp()
  for (const block of path.slice(0, 8)) accept(block)
  const last = () => sent.at(-1)!
  sync.serve(1, -1, path[1]!)
  const answer = { kind: 'answer', want: -1, end: path[7], blocks: path.slice(2, 6) }
  expect(last()).toEqual({ to: 1, message: answer, bytes: 4_100 })
  sync.serve(1, path[9]!, path[1]!)
  expect(last().message).toMatchObject({ end: path[9], blocks: [] })
})
