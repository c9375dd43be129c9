import type { ReplicaContext } from '../contract.ts'
import type { Electorate } from './electorate.ts'

/** To every other voter; those who follow have no use for votes and fetch their blocks. */
export function toVoters<message>(
  context: ReplicaContext<message>,
  electorate: Electorate,
  message: message,
  bytes: number,
): void {
  if (electorate.everybodyVotes) context.broadcast(message, bytes)
  else {
    for (const to of electorate.voters) if (to !== context.self) context.send(to, message, bytes)
  }
}
