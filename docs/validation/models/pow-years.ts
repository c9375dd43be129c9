import {
  asPreset,
  measured,
  noSlowTenth,
  relayNetwork,
  rowsOf2012,
  rowsOf2015,
  rowsOf2019,
  rowsOf2025,
} from '../proofOfWork/years.ts'
import { defineValidation } from '../validation.ts'

export default defineValidation({
  name: 'pow-years',
  title: 'proof of work, the networks of their years',
  sections: [
    {
      title: 'The Presets as They Are',
      note:
        'Nothing was fitted. Measured is from the first announcement to a monitor until the ' +
        'announcements of others, which follow their checks; simulated is from the creation of ' +
        'a block until it has come, before the check. The tolerance is 30 % of what was measured ' +
        'in one month, as far as a tenth of the hours lie off in 2025, and what chance does to ' +
        'the stale blocks that were kept. `bitcoin-2015` is the network of the simulator of ' +
        'Gervais et al. without a relay network, where their own median is 14.7 s for the 8.7 s ' +
        'that they measured; from 2014 on miners had one, see the next section. ' +
        'Half of the time for which hash rate of `bitcoin-2019` is unaware are checks at the ' +
        'speed of 2015, which has no newer source; and fewer blocks were kept than were stale.',
      rows: () => [
        ...rowsOf2012(asPreset),
        ...rowsOf2015(asPreset),
        ...rowsOf2019(asPreset),
        ...rowsOf2025(asPreset),
      ],
    },
    {
      title: '2015 With a Relay Network',
      note:
        'All sixteen miners are in it, with a line of its own. The stale blocks that were seen ' +
        'lie between those of a network in which no miner is and those of one in which all are. ' +
        'Gervais et al. have 9.41 s and 0.14 % here.',
      rows: () => rowsOf2015(relayNetwork),
    },
    {
      title: 'With the Lines That Were Measured in 2016',
      note:
        'The presets of 2019 and 2025 have the means of regions, in which the slow are hidden. ' +
        'With the lines of consumers of 2016 the median of 2025 is right. The last nodes are ' +
        'later by far than lines explain: slow processors, nodes that catch up, and blocks that ' +
        'most nodes could not put together in 2024 are in the measurement and not in the preset.',
      rows: () => [...rowsOf2019(measured), ...rowsOf2025(measured)],
    },
    {
      title: 'Without the Slowest Tenth of Those Lines',
      note:
        'Nodes below the 10 % quantile of their region have its rate (`leastQuantile`). Compare ' +
        'with the rows above: the slowest tenth carries a sixth of the mean of 2012, a fifth of ' +
        'its forks and of the 99 % quantile of 2015; medians hardly know it, and where blocks ' +
        'are compact nor does the hash rate, for miners have lines of their own.',
      rows: () => [
        ...rowsOf2012(noSlowTenth),
        ...rowsOf2015(noSlowTenth),
        ...rowsOf2019(noSlowTenth),
        ...rowsOf2025(noSlowTenth),
      ],
    },
  ],
})
