import { type Distribution, ms, type Time } from '@counterpoise/engine'

/** When nodes announce transactions, and when those who hear of one ask for it. */
export type RelaySchedule = {
  /** Mean time to the next announcement, µs: one timer for all peers that opened a connection … */
  inboundInterval: Time
  /** … and one for each peer to which the node has opened one. */
  outboundInterval: Time
  /** Which share of announcements waits for no timer. */
  immediateShare: number
  /** How long a node waits before it asks a peer that opened the connection, µs. */
  inboundRequestDelay: Time
  /** … and a peer of which it has asked for more than `inFlightMax` others, µs. */
  busyRequestDelay: Time
  inFlightMax: number
}

/** Bitcoin Core's defaults by era; both draw their timers as Poisson processes. */
export const relaySchedules: Record<'v21' | 'v9', RelaySchedule> = {
  /**
   * Since v0.21 (net_processing.cpp: INBOUND_INVENTORY_BROADCAST_INTERVAL,
   * OUTBOUND_INVENTORY_BROADCAST_INTERVAL; txdownloadman: NONPREF_PEER_TX_DELAY, OVERLOADED_…).
   */
  v21: {
    inboundInterval: ms(5_000),
    outboundInterval: ms(2_000),
    immediateShare: 0,
    inboundRequestDelay: ms(2_000),
    busyRequestDelay: ms(2_000),
    inFlightMax: 100,
  },
  /**
   * Up to v0.11, as of 2014 (main.cpp, recalled): a quarter of announcements goes out at once, and
   * every 100 ms one peer at random gets what is due to it; nodes then had some 10 peers (Gervais
   * et al., CCS 2016).
   */
  v9: {
    inboundInterval: ms(1_000),
    outboundInterval: ms(1_000),
    immediateShare: 0.25,
    inboundRequestDelay: 0,
    busyRequestDelay: 0,
    inFlightMax: Number.MAX_SAFE_INTEGER,
  },
}

/** Of the mean of a Poisson timer, in ms. */
export const timerOf = (mean: Time): Distribution => ({ kind: 'exponential', mean: mean / 1_000 })
