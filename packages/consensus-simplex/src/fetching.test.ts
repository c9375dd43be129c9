import { seconds } from '@counterpoise/engine'
import { genesis } from '@counterpoise/ledger'
import { expect, test } from 'vitest'
import type { Core } from './core.ts'
import { answerCertificateRequest } from './fetching.ts'
import { bundleBytes, type CertificateBundle, messageTypes } from './messages.ts'
import { altered, createTrial, problemsOf } from './testing.ts'
import { createViewWindow, openView } from './viewWindow.ts'

test('an answer holds all certificates of the views, the highest first', () => {
  const sent: { to: number; message: CertificateBundle; bytes: number }[] = []
  const window = createViewWindow(4, 256)
  openView(window, 1)!.notarised = 11
  openView(window, 2)!.nullified = true
  // Both certificates of one view, one that is not executed yet, and votes without a quorum.
  openView(window, 3)!.notarised = 13
  openView(window, 3)!.nullified = true
  openView(window, 4)!.uncertified = 14
  openView(window, 5)
  const core = {
    context: {
      send: (to: number, message: CertificateBundle, bytes: number) => {
        sent.push({ to, message, bytes })
      },
    },
    ends: [],
    finalisedView: 0,
    finalisedBlock: genesis,
    view: 5,
    window,
  } as unknown as Core
  const ask = (from: number, until: number): void =>
    answerCertificateRequest(core, 2, { type: messageTypes.certificateRequest, from, until })
  ask(0, Number.MAX_SAFE_INTEGER)
  const { finalisation, notarisation, nullification } = messageTypes
  const all = [
    { type: notarisation, view: 4, block: 14 },
    { type: notarisation, view: 3, block: 13 },
    { type: nullification, view: 3, block: -1 },
    { type: nullification, view: 2, block: -1 },
    { type: notarisation, view: 1, block: 11 },
  ]
  expect(sent[0]).toEqual({
    to: 2,
    message: { type: messageTypes.certificates, certificates: all },
    bytes: bundleBytes(all),
  })
  ask(2, 4)
  expect(sent[1]!.message.certificates).toEqual(all.slice(1, 4))
  core.finalisedView = 3
  core.finalisedBlock = 13
  ask(2, 4)
  expect(sent[2]!.message.certificates).toEqual([{ type: finalisation, view: 3, block: 13 }])
  ask(5, 6)
  expect(sent).toHaveLength(3)
})

test('behavior: what was missed comes 32 blocks at a time, with one request each', () => {
  const trial = createTrial({ voters: 4, parameters: { fetchTimeoutMs: 3_600_000 } })
  const { blocks, finalised, network } = trial.cluster
  const { blockRequest, block: blockType } = messageTypes
  trial.run(seconds(5))
  network.assignGroup(3, 1)
  trial.run(seconds(120))
  const missed = blocks.height(finalised(0)) - blocks.height(finalised(3))
  expect(missed).toBeGreaterThan(70)
  const before = [...trial.witness.counts()]
  network.assignGroup(3, 0)
  trial.run(seconds(122))
  expect(blocks.height(finalised(3))).toBeGreaterThan(blocks.height(finalised(0)) - 2)
  const counts = trial.witness.counts()
  const requests = counts[blockRequest]! - before[blockRequest]!
  // One more for a block that is proposed while the last of them is under way.
  expect(requests - Math.ceil(missed / 32)).toBeGreaterThanOrEqual(0)
  expect(requests - Math.ceil(missed / 32)).toBeLessThanOrEqual(1)
  const sent = counts[blockType]! - before[blockType]!
  const proposals = trial.proposed.filter(({ time }) => time > seconds(120)).length
  expect(sent - missed).toBeGreaterThanOrEqual(proposals)
  expect(sent - missed).toBeLessThanOrEqual(proposals + 2)
})

test('behavior: what is not answered is asked for again, from others', () => {
  // Member 1 never sends a block on request, and nobody sends one to member 3 of its own accord.
  const asked: number[] = []
  const sparing = altered(({ committee, self, send }) => ({
    broadcast: (message, bytes) => {
      for (const to of committee.voters) {
        if (to === self || (to === 3 && message.type === messageTypes.block)) continue
        send(to, message, bytes)
      }
    },
    send: (to, message, bytes) => {
      if (self !== 1 || message.type !== messageTypes.block) send(to, message, bytes)
    },
  }))
  const asking = altered(({ send }) => ({
    send: (to, message, bytes) => {
      if (message.type === messageTypes.blockRequest) asked.push(to)
      send(to, message, bytes)
    },
  }))
  const behaviours = new Map([0, 1, 2].map((node) => [node, sparing]))
  const trial = createTrial({ voters: 4, behaviours: behaviours.set(3, asking) })
  trial.run(seconds(120))
  const { blocks, finalised } = trial.cluster
  const refused = asked.filter((node) => node === 1).length
  expect(refused).toBeGreaterThan(5)
  expect(asked.length - refused).toBeGreaterThan(5)
  expect(blocks.height(finalised(3))).toBeGreaterThan(blocks.height(finalised(1)) - 6)
  expect(blocks.height(finalised(1))).toBeGreaterThan(100)
  expect(problemsOf(trial)).toEqual([])
})
