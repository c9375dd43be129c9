import { gervaisRows, mechanisms } from '../proofOfWork/gervais.ts'
import { defineValidation } from '../validation.ts'

const note =
  'The preset `bitcoin-2015`: 6,000 nodes, 16 miners; without a size in the name, blocks of ' +
  '534.8 kB at 600 s that grow and shrink with the interval. Published is the median over nodes ' +
  'of their means over blocks; here it is the mean over blocks of the medians over nodes, which ' +
  'is less sensitive to slow nodes. Stale shares of long intervals u / (T + u) are computed from ' +
  'the time u for which hash rate was unaware of a block.'

export default defineValidation({
  name: 'pow-gervais',
  title: 'proof of work, intervals, sizes and relays of Gervais et al.',
  sections: mechanisms.map((mechanism, k) => ({
    title: `Relay: ${mechanism.name}`,
    note: k === 0 ? note : undefined,
    rows: () => gervaisRows(mechanism),
  })),
})
