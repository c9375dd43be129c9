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
        'client does, 4.1 % of 2,000 blocks were stale and hash rate was unaware of a block for ' +
        '0.42 s; with pushes to the square root of the neighbours before the check, and waiting ' +
        'by those who only hear of a block, it is for 0.51 s.',
      rows: ethereumRows,
    },
  ],
})
