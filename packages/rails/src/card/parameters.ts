import {
  type Distribution,
  hours,
  log,
  normalQuantile,
  seconds,
  type Time,
} from '@counterpoise/engine'
import { type MicroUsd, usd } from '@counterpoise/ledger'
import type { CardFee } from './fees.ts'

/** The times of an authorisation, each as a distribution in ms. */
export type CardDelays = {
  /** One way between the point of sale and the network, through the acquirer. */
  access: Distribution
  /** In the network: identification, fraud screening and routing, request and response together. */
  network: Distribution
  /** From the network's request to the issuer's answer. */
  issuer: Distribution
}

/** How the network answers in the place of an issuer that does not. */
export type StandInRules = {
  /** T_out: how long the network waits for an issuer. */
  timeOut: Time
  /** From the first time-out of an issuer that is down until the network stops asking it. */
  switchOver: Time
  /** Stand-in processing approves amounts up to this one. */
  floorLimit: MicroUsd
  /** Probability that it approves such an amount. */
  approval: number
}

/** What a card network's behaviour depends on, its parties and their sizes left aside. */
export type CardParameters = {
  delaysMs: CardDelays
  standIn: StandInRules
  /** How long the point of sale waits for a response. */
  clientTimeOut: Time
  /** The data centres exchange heartbeats this often: the longest time to notice that one fell. */
  heartbeat: Time
  /** Share of payments that the issuer declines although the funds are there. */
  declineRate: number
  /** What the merchant pays, in all. */
  merchantDiscount: CardFee
  /** The issuer's part of it. */
  interchange: CardFee
  /** Share of authorised payments that are charged back. */
  chargebackRate: number
  /** Time of day, UTC, at which acquirers present the batch of the day to clearing. */
  cutOff: Time
  /** Time of day, UTC, at which the net positions are settled on banking days. */
  settlement: Time
}

/** The lognormal distribution with a given median and a value at another quantile. */
const lognormalThrough = (median: number, quantile: number, value: number): Distribution => ({
  kind: 'lognormal',
  median,
  sigma: log(value / median) / normalQuantile(quantile),
})

/**
 * A large US card network at the point of sale. [A] marks what is assumed for want of a source.
 */
export const cardDefaults: CardParameters = {
  delaysMs: {
    /** Median 60 ms, 95th percentile 200 ms. [A] */
    access: lognormalThrough(60, 0.95, 200),
    /**
     * Below 100 ms (Visa Europe, "Sustainability & the environment", c. 2011), here the 99th
     * percentile; median 30 ms [A].
     */
    network: lognormalThrough(30, 0.99, 100),
    /**
     * Median 250 ms, σ 0.7 [A], so that the whole stays below the popular "under two seconds"
     * (nex.io payments glossary, Visa).
     */
    issuer: { kind: 'lognormal', median: 250, sigma: 0.7 },
  },
  standIn: {
    /** 10 s at the point of sale, 25 s at cash machines, 5 s in Europe (paymentae.com). */
    timeOut: seconds(10),
    /** Immediate after the time-out (paymentae.com, guide to stand-in processing). */
    switchOver: 0,
    /** $150; issuers set their own limits (paymentae.com). [A] */
    floorLimit: usd(150),
    /** Everything up to the limit. [A] */
    approval: 1,
  },
  /** 30 s. [A] */
  clientTimeOut: seconds(30),
  /** A fall is noticed within 1 s. [A] */
  heartbeat: seconds(1),
  /** Card present 3 % [A]; card not present 15 % (mypayadvisor.com, reported 8–25 %). */
  declineRate: 0.03,
  /** US credit cards cost merchants about 2.35 % in all. [A] */
  merchantDiscount: { basisPoints: 235, fixed: 0 },
  /** 125 bp, the cap for standard US consumer credit proposed in November 2025. */
  interchange: { basisPoints: 125, fixed: 0 },
  /** 1.6 bp of the count (Hayashi, Markiewicz, Sullivan, Kansas City Fed RWP 16-01, US 2013–14). */
  chargebackRate: 0.00016,
  /** 03:00 UTC, 10 p.m. Eastern Standard Time. [A] */
  cutOff: hours(3),
  /** 15:00 UTC, 10 a.m. Eastern Standard Time. [A] */
  settlement: hours(15),
}
