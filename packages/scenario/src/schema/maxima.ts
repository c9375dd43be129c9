/**
 * The largest values that a scenario may hold. Whatever is larger would sooner exhaust memory, or
 * the integers that time and money are counted in, than teach anybody anything.
 */
export const maxima = {
  /** 10,000 days in ms; sums of several are still exact in µs. */
  milliseconds: 864_000_000_000,
  /** The longest delay that a distribution may draw, ms: a hundred days. */
  delayMs: 8_640_000_000,
  /** The largest price or tip that a distribution may draw, native units. */
  price: 1e30,
  /** A payment, a budget, a fee or a floor limit, US dollars. */
  usd: 1_000_000_000,
  /** Nodes of one chain, relays and access nodes included. */
  nodes: 200_000,
  /** Voters of a chain that sends votes straight to everybody: a round is this many squared. */
  directVoters: 1_000,
  /** Nodes of a chain that keeps messages in order: a column for every pair. */
  orderedNodes: 3_000,
  /** Connections that a node opens: all that Bitcoin Core allows. */
  outgoing: 125,
  /** The router counts rails in bits. */
  rails: 31,
  /** Entries of lists of parties, shares and parts of a load. */
  entries: 1_000,
  /** Measured delays of one class of links. */
  samples: 100_000,
  /** How often a fault may happen in a run: each is looked up among all sites. */
  repetitions: 1_000,
  /** Sides of a partition. */
  sides: 100,
  /** Steps of a load. */
  steps: 100_000,
  /** Blocks that a run waits for. */
  blocks: 100_000_000,
  accounts: 1_000_000,
  /** Payments that a scenario may expect; each takes some 150 bytes per rail. */
  payments: 20_000_000,
  /** Arrivals per second. */
  rate: 1_000_000,
  /** Gas, weight or bytes. */
  units: 1_000_000_000_000,
  bytes: 1_000_000_000,
  /** How long a node may check a full block, seconds. */
  checkSeconds: 86_400,
  /** Standard deviations that the random numbers reach: 32 bits. */
  deviations: 6.3,
} as const
