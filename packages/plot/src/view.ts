import {
  estimated,
  type Estimated,
  railKinds,
  type RailResult,
  type ReportInput,
} from '@counterpoise/lab'
import { toEstimate } from './format.ts'

/** A result of one run or of many, in one shape: every number is an estimate. */
export type ResultView = {
  names: readonly string[]
  rails: Readonly<Record<string, RailView>>
  /** 1 for a single run, where only shares of many trials have an interval. */
  replications: number
}

/** What one rail did, every number an estimate. */
export type RailView = Estimated<RailResult>

type Result = ReportInput['result']

/** Reads a result of either kind. */
export const viewResult = (result: Result): ResultView => {
  const names = Object.keys(result.rails)
  // A rail may have any name, even one that objects inherit: no lookup may find those.
  const rails: Record<string, RailView> = Object.create(null)
  if (isReplicated(result)) Object.assign(rails, result.rails)
  else {
    for (const name of names) rails[name] = estimated([result.rails[name]!], railKinds)
  }
  return { names, rails, replications: isReplicated(result) ? result.replications : 1 }
}

/** Whether the numbers of a result are means over replications. */
export const isReplicated = (
  result: Result,
): result is Extract<Result, { replications: number }> => 'replications' in result

/** The rails with their names, in the order of the result. */
export const railsOf = (view: ResultView): { name: string; rail: RailView }[] =>
  view.names.flatMap((name) => {
    const rail = view.rails[name]
    return rail === undefined ? [] : [{ name, rail }]
  })

/**
 * The rails that may be compared: the whole ones. One that was cut has seen less than the others;
 * where it is alone there is nothing to compare it with.
 */
export const comparable = (result: Result): ReadonlySet<string> => {
  const names = Object.keys(result.rails)
  const cut = new Set(result.cut.map(({ rail }) => rail))
  return new Set(names.length === 1 ? names : names.filter((name) => !cut.has(name)))
}

/** A router is a rail that hands its payments to other rails. */
export const isRouter = (rail: RailView): boolean => rail.routed_share !== undefined

/** Whether a rail was offered anything; what it did with payments is told only then. */
export const wasOffered = ({ offered }: RailView): boolean => (toEstimate(offered)?.mean ?? 0) > 0

/** Whether there are payments at all, or only blocks. */
export const hasPayments = (view: ResultView): boolean =>
  railsOf(view).some(({ rail }) => wasOffered(rail))
