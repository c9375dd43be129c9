import type { ReportInput } from '@counterpoise/lab'

/** Where some of the example's parameters come from. */
export const exampleSources: ReportInput['sources'] = [
  {
    path: 'rails.bitcoin.consensus.parameters.targetIntervalMs',
    value: 600_000,
    unit: 'ms',
    source: 'The protocol: https://bitcoin.org/bitcoin.pdf, section 4.',
    assumed: false,
  },
  {
    path: 'rails.ethereum.consensus.parameters.slotMs',
    value: 12_000,
    unit: 'ms',
    source: 'https://github.com/ethereum/consensus-specs, SECONDS_PER_SLOT.',
    assumed: false,
  },
  {
    path: 'rails.tempo.consensus.parameters.validators',
    value: 24,
    unit: 'validators',
    source: 'A round number; the operator has not published a list.',
    assumed: true,
  },
  {
    path: 'rails.visa.power.watts',
    value: 31_000,
    unit: 'W',
    source: 'Share of the electricity of the annual report that goes to payments.',
    assumed: true,
  },
]
