import { defineValidation } from '../validation.ts'
import { ethereumRows } from '../proofOfWork/networks.ts'

export default defineValidation({
  name: 'pow-ethereum',
  title: 'Ethereum before the Merge',
  sections: [
    {
      title: 'Stale Blocks and Propagation',
      note:
        'Nothing was fitted. When everybody pushed to all neighbours after the check, which no ' +
        'client does, 4.1 % of 2,000 blocks were stale and hash rate was unaware of a block ' +
        'for 0.56 s; with pushes to the square root of the neighbours before the check, and ' +
        'waiting by those who only hear of a block, it is for 0.64 s. What ethstats has ' +
        'measured is wider than what relaying explains: 16 % report within 250 ms of the ' +
        'first, which is a node like any other, and 8 % after ten seconds, which are nodes ' +
        'that do not keep up. Reports follow the import of a block, for which nodes need from ' +
        'tens of milliseconds to seconds; the preset has 200 ms for each of them, and counts ' +
        'when a block has come. Lines of consumers are no explanation: with those of 2016, ' +
        'half of the nodes would have a block of 60 kB after 3.6 s.',
      rows: ethereumRows,
    },
  ],
})
