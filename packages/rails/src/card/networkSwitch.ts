import { priorities, type Simulation, type Time } from '@counterpoise/engine'
import { type CardParty, createParties, type Parties } from './parties.ts'

/** One site of the network's switch, able to carry all of the traffic. */
export type DataCentre = CardParty & {
  /** Messages per second; an authorisation, request and response, is one message. */
  capacity: number
}

/** The network's data centres: who takes a message in, and how long its queue is. */
export type NetworkSwitch = Parties & {
  /** The data centre that a message goes to: the preferred one or the next in order; −1: none. */
  route: (preferred: number) => number
  /** Puts a message in the queue; how long until it has been served. The centre must be up. */
  admit: (centre: number) => Time
  /** How long a message that came now would take until it has been served, queue included. */
  delay: (centre: number) => Time
  rest: () => void
}

/**
 * Makes the network's switch.
 *
 * A data centre serves one message after another, each for 1 / `capacity`: a queue in the form of
 * the time until which it is busy. When it falls, its queue is lost. Acquirers go on sending to it
 * until the next heartbeat, then to the next centre in order; when it is back, they return to it at
 * the next heartbeat.
 */
export function createNetworkSwitch(
  simulation: Simulation,
  options: { name: string; dataCentres: readonly DataCentre[]; heartbeat: Time },
): NetworkSwitch {
  const { name, dataCentres, heartbeat } = options
  const count = dataCentres.length
  const serviceTimes = Float64Array.from(dataCentres, ({ capacity }) => 1_000_000 / capacity)
  const busyUntil = new Float64Array(count)
  const believedUp = new Uint8Array(count).fill(1)
  const routes = Int32Array.from(dataCentres, (_, centre) => centre)
  let resting = false

  const learn = simulation.define(
    `${name}/heartbeat`,
    (centre) => {
      believedUp[centre] = parties.isUp(centre) ? 1 : 0
      for (let preferred = 0; preferred < count; preferred++) {
        routes[preferred] = firstUp(believedUp, preferred)
      }
    },
    priorities.protocol,
  )
  const parties = createParties('network', dataCentres, (centre) => {
    busyUntil[centre] = 0
    if (resting) return
    const beats = Math.floor(simulation.now() / heartbeat) + 1
    simulation.at(beats * heartbeat, learn, centre)
  })
  /** When a message that came now would have been served, in fractions of a µs. */
  const servedAt = (centre: number): number => {
    const now = simulation.now()
    const start = busyUntil[centre]! > now ? busyUntil[centre]! : now
    return start + serviceTimes[centre]!
  }

  return {
    ...parties,
    route: (preferred) => routes[preferred]!,
    admit: (centre) => {
      busyUntil[centre] = servedAt(centre)
      return Math.ceil(busyUntil[centre]! - simulation.now())
    },
    delay: (centre) => Math.ceil(servedAt(centre) - simulation.now()),
    rest: () => {
      resting = true
    },
  }
}

function firstUp(believedUp: Uint8Array, preferred: number): number {
  const count = believedUp.length
  for (let step = 0; step < count; step++) {
    const centre = (preferred + step) % count
    if (believedUp[centre] === 1) return centre
  }
  return -1
}
