import { energyFigures, wattsOfAnnualJoules } from '@counterpoise/economy'
import { assumed, sourced } from './notes.ts'

const us = (name: string, region: string, operator: string): object => ({ name, region, operator })

/** Visa in the United States: a card network of two data centres, net settlement on bank days. */
export const visaRail = {
  kind: 'card',
  description: 'Card network: authorised by the issuer at once, settled net on banking days',
  dataCentres: [
    {
      name: 'data-centre-a',
      region: 'us-east-1',
      operator: 'Visa',
      messagesPerSecond: sourced(65_000, 'messages/s', 'the company: more than 65,000'),
    },
    {
      name: 'data-centre-b',
      region: 'us-west-2',
      operator: 'Visa',
      messagesPerSecond: sourced(65_000, 'messages/s', 'each of two sites can carry all traffic'),
    },
  ],
  acquirers: assumed(
    [
      us('acquirer-1', 'us-east-1', 'acquirer 1'),
      us('acquirer-2', 'us-east-2', 'acquirer 2'),
      us('acquirer-3', 'us-west-2', 'acquirer 3'),
      us('acquirer-4', 'us-west-1', 'acquirer 4'),
    ],
    '',
    'a few large acquirers; where they stand has no source',
  ),
  issuers: assumed(
    [
      us('issuer-1', 'us-east-1', 'issuer 1'),
      us('issuer-2', 'us-east-2', 'issuer 2'),
      us('issuer-3', 'us-west-2', 'issuer 3'),
      us('issuer-4', 'us-east-2', 'issuer 4'),
      us('issuer-5', 'us-west-1', 'issuer 5'),
    ],
    '',
    'a few large issuers; where they stand has no source',
  ),
  delaysMs: {
    access: assumed(
      { kind: 'lognormal', median: 60, sigma: 0.732 },
      'ms, one way',
      'median 60 ms, 95th percentile 200 ms; no source',
    ),
    network: assumed(
      { kind: 'lognormal', median: 30, sigma: 0.5175 },
      'ms',
      'below 100 ms: Visa Europe, c. 2011 (as the 99th percentile; the median is assumed)',
    ),
    issuer: assumed(
      { kind: 'lognormal', median: 250, sigma: 0.7 },
      'ms',
      'chosen so that the whole takes less than a second at the median and 3 s at the 99th',
    ),
  },
  standIn: {
    timeOut: sourced('10s', '', 'paymentae.com: issuer response time-outs, point of sale'),
    switchOver: sourced('0s', '', 'paymentae.com: guide to stand-in processing'),
    floorLimitUsd: assumed(150, 'USD', 'issuers set their own limits'),
    approval: assumed(1, 'probability', 'everything up to the limit'),
  },
  clientTimeOut: assumed('30s', '', 'how long a terminal waits'),
  heartbeat: assumed('1s', '', 'a data centre that is down is noticed within a second'),
  declineRate: assumed(0.03, 'share', 'card present; no primary source'),
  merchantDiscount: assumed({ basisPoints: 235 }, 'bp', 'all that a US merchant pays on credit'),
  interchange: sourced({ basisPoints: 125 }, 'bp', 'cap of the settlement proposed in Nov. 2025'),
  chargebackRate: sourced(0.000_16, 'share', 'Kansas City Fed RWP 16-01: 1.6 bp of the count'),
  cutOff: assumed('3h', 'UTC', '10 p.m. Eastern Standard Time'),
  settlement: assumed('15h', 'UTC', '10 a.m. Eastern Standard Time'),
  watts: sourced(
    Math.round(wattsOfAnnualJoules(energyFigures.visa.value)),
    'W',
    energyFigures.visa.source,
  ),
}
