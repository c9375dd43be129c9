import { createSimulation, type Time } from '@counterpoise/engine'
import { constantLatency } from '@counterpoise/network'
import { createCluster } from '../cluster.ts'
import type { ConsensusModel } from '../contract.ts'
import { labMembers } from './labMembers.ts'

export type GstOptions = {
  model: ConsensusModel
  /** Parameters as the model's schema reads them; its defaults without them. */
  parameters?: object | undefined
  /** Members with one vote each; the last `crashed` ones are down from the beginning. */
  members: number
  crashed: number
  /** What every message takes, µs. */
  hop: Time
  /** From a fifth of this time on until then, those with odd numbers hear none with even ones. */
  gst: Time
  seed?: string | undefined
}

/** How the members that are up have found together again. */
export type AfterGst = {
  /** From GST until the last of them holds for final what none did at GST, µs; else Infinity. */
  worst: Time
  /** Rounds of the protocol between the last final block at GST and the first one after it. */
  rounds: number
}

/** Cuts a protocol in two until GST and looks how long it takes to go on. */
export function runAfterGst(options: GstOptions): AfterGst {
  const { model, parameters = {}, members, crashed, hop, gst, seed = 'gst' } = options
  const simulation = createSimulation({ seed })
  const cluster = createCluster(simulation, {
    name: 'gst',
    model,
    parameters: model.parameters.parse(parameters),
    members: labMembers(members),
    latency: constantLatency(hop),
  })
  const { blocks, network } = cluster
  const up = Array.from({ length: members - crashed }, (_, node) => node)
  for (let node = up.length; node < members; node++) network.takeDown(node)
  simulation.run({ until: gst / 5 })
  for (const node of up) network.assignGroup(node, node % 2)
  simulation.run({ until: gst })
  for (const node of up) network.assignGroup(node, 0)

  const finals = up.map((node) => cluster.finalised(node))
  const best = finals.reduce((one, other) =>
    blocks.height(other) > blocks.height(one) ? other : one,
  )
  const waiting = new Set(up)
  let worst = Number.POSITIVE_INFINITY
  let rounds = Number.POSITIVE_INFINITY
  cluster.observe({
    finalised: (node, block) => {
      if (blocks.height(block) <= blocks.height(best)) return
      const next = blocks.ancestorAt(block, blocks.height(best) + 1)
      rounds = blocks.round(next) - blocks.round(best)
      waiting.delete(node)
      if (waiting.size > 0) return
      worst = simulation.now() - gst
      simulation.stop()
    },
  })
  simulation.run({ until: gst * 20 })
  return { worst, rounds }
}
