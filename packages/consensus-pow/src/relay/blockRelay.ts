import type { Simulation, Time } from '@counterpoise/engine'
import {
  type BroadcastCounters,
  type BroadcastNetwork,
  type BroadcastProtocol,
  createNetwork,
  type Network,
  type NetworkOptions,
  type NodeId,
  type Spread,
  type SpreadListener,
} from '@counterpoise/network'
import { createAsking } from './asking.ts'
import { createCompactBlocks } from './compact.ts'
import type { RelayCore } from './core.ts'
import { defineKinds } from './events.ts'
import { createOutages } from './outages.ts'
import type { RelayParameters } from './parameters.ts'
import { createPipes } from './pipes.ts'
import { rowsOf } from './rows.ts'
import { createSending } from './sending.ts'
import { createSlots, type Slot } from './slots.ts'
import { createTravel } from './travel.ts'

/** What a relay is told of the chain whose blocks it carries. */
export type BlockRelayOptions = {
  parameters: RelayParameters
  /** The members of the overlay, where there is one; they are never behind Tor. */
  miners?: readonly NodeId[] | undefined
  /**
   * How long a node checks a content, µs, where the parameters do not say; else no time. Asked
   * once for each content.
   */
  checkTime?: ((content: unknown, bytes: number) => Time) | undefined
}

/**
 * How blocks of proof of work spread: announced and asked for, pushed, or compact. Knows nothing
 * of chains but the sizes of blocks. A node gets a block (`deliver`) when it has come in as a whole
 * and is checked. Words take their latency only: blocks ahead of them do not delay them.
 *
 * An announcement that would reach a node after an earlier one has no event: as in Dijkstra's
 * algorithm, only the first counts. Where a first one is lost, the others are drawn again.
 */
export const blockRelay = (options: BlockRelayOptions): BroadcastProtocol => ({
  name: 'blockRelay',
  open: (simulation, network) => openBlockRelay(simulation, network, options),
})

function openBlockRelay<content>(
  simulation: Simulation,
  options: NetworkOptions<content>,
  relay: BlockRelayOptions,
): BroadcastNetwork<content> {
  const { name, places, topology, onChange } = options
  const { parameters, miners = [] } = relay
  const size = places.length
  const counters: BroadcastCounters = {
    ...{ published: 0, delivered: 0, duplicates: 0, bytes: 0, controlBytes: 0 },
  }
  const listeners: SpreadListener<content>[] = []
  const slots = createSlots<content>(size)
  const members = parameters.overlay === undefined ? [] : miners
  const isMember = new Uint8Array(size)
  for (const member of members) isMember[member] = 1

  /** The block has come as far as it will. */
  const close = (slot: Slot<content>, number: number): void => {
    for (const listener of listeners) {
      listener(slot.content!, slot.spread, slot.arrived, slot.checked)
    }
    slots.close(number)
  }

  const rows = rowsOf(topology, size)
  const core: RelayCore<content> = {
    ...{ simulation, name, size, parameters, slots, counters, isMember, members },
    ...rows,
    travel: createTravel({
      ...{ simulation, parameters, miners },
      network: options,
      onChange: () => outages.letGo(),
    }),
    pipes: createPipes(places, parameters),
    compact: createCompactBlocks(simulation, name, rows, parameters),
    kinds: { announce: 0, request: 0, reach: 0, arrive: 0, check: 0, retry: 0, ask: 0 },
    up: new Uint8Array(size).fill(1),
    busyUntil: new Float64Array(size),
    post: (kind, at, to, from, number, last) => {
      slots.get(number).pending++
      simulation.at(at, kind, to, from, number, last)
    },
    handOver: (node, slot) => {
      const { spread } = slot
      spread.reached++
      spread.lastAt = simulation.now()
      slot.checked[node] = spread.lastAt
      counters.delivered++
      const verdict = options.deliver(node, slot.source[node]!, slot.content!)
      const isRefused = verdict === false || verdict === 'ignore'
      return options.relay !== 'after-accept' || !isRefused
    },
  }
  const asking = createAsking(core)
  const sending = createSending(core, asking)
  const outages = createOutages(core, asking)
  const spreadOn = defineKinds({ core, name, asking, sending, outages, close })

  if (options.partitionMode !== undefined) core.travel.links.setPartitionMode(options.partitionMode)
  const network: Network<content> = createNetwork<content>(simulation, {
    ...options,
    topology: undefined,
    relayDelay: undefined,
    onChange: (node, up) => {
      outages.note(node, up)
      onChange?.(node, up)
    },
  })

  const publish = (from: NodeId, content: content, bytes: number): Spread => {
    const now = simulation.now()
    counters.published++
    if (!network.isUp(from)) return { origin: from, at: now, bytes, reached: 0, lastAt: now }
    const delay = options.relayDelay?.(content) ?? 0
    const check = checkTimeOf(relay, content, bytes) + delay
    const number = slots.open(from, content, bytes, check, now)
    const slot = slots.get(number)
    slot.pending++
    sending.pushUnchecked(from, slot, number)
    spreadOn(from, slot, number)
    const { spread } = slot
    if (--slot.pending === 0) close(slot, number)
    return spread
  }

  return {
    ...network,
    assignGroup: (node, group) => {
      network.assignGroup(node, group)
      core.travel.links.assignGroup(node, group)
    },
    setPartitionMode: (mode) => {
      network.setPartitionMode(mode)
      core.travel.links.setPartitionMode(mode)
    },
    addLinkFault: (fault) => {
      const ends = [network.addLinkFault(fault), core.travel.links.add(fault)]
      return () => {
        for (const end of ends) end()
      }
    },
    setLossProbability: (probability) => {
      network.setLossProbability(probability)
      core.travel.setLossProbability(probability)
    },
    broadcast: (from, content, bytes) => {
      publish(from, content, bytes)
    },
    neighbours: topology?.neighbours ?? network.neighbours,
    publish,
    broadcastCounters: () => ({ ...counters }),
    checksContents: true,
    onSpread: (listener) => {
      listeners.push(listener)
    },
    underWay: (visit) => {
      const now = simulation.now()
      slots.forEach(({ content, spread, arrived, checked }) => {
        const soFar = arrived.map((time) => (time <= now ? time : Number.POSITIVE_INFINITY))
        visit(content!, spread, soFar, checked)
      })
    },
  }
}

function checkTimeOf(relay: BlockRelayOptions, content: unknown, bytes: number): Time {
  const { checkMs, checkMsPerMegabyte } = relay.parameters
  if (checkMs === undefined && checkMsPerMegabyte === undefined) {
    return relay.checkTime?.(content, bytes) ?? 0
  }
  return Math.round((checkMs ?? 0) * 1_000 + ((checkMsPerMegabyte ?? 0) * bytes) / 1_000)
}
