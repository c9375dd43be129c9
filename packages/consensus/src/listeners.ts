import type { BlockId } from '@counterpoise/ledger'
import type { NodeId } from '@counterpoise/network'
import type { ConsensusObserver, ConsensusReport } from './contract.ts'

/** One of the words in which replicas say what they did. */
export type ReportWord = keyof ConsensusReport

const reportWords = [
  ...(['proposed', 'received', 'notarised'] as const),
  ...(['finalised', 'headChanged', 'equivocated'] as const),
] satisfies readonly ReportWord[]

/** A subject is a block or, of `equivocated`, a node. */
type Listener = (node: NodeId, subject: number, previous: BlockId) => void

/** Who listens to which word: one that nobody listens to costs nothing. */
export type Listeners = {
  observe: (observer: ConsensusObserver) => void
  /** `previous` is the head before the report. */
  tell: (word: ReportWord, node: NodeId, subject: number, previous: BlockId) => void
}

export function createListeners(): Listeners {
  const listeners: Record<ReportWord, Listener[]> = {
    ...{ proposed: [], received: [], notarised: [] },
    ...{ finalised: [], headChanged: [], equivocated: [] },
  }
  return {
    observe: (observer) => {
      for (const word of reportWords) {
        const listener = observer[word]
        if (listener !== undefined) listeners[word].push(listener)
      }
    },
    tell: (word, node, subject, previous) => {
      for (const listener of listeners[word]) listener(node, subject, previous)
    },
  }
}
