import type { Place } from '../places.ts'
import { createFairSharing } from './fairSharing.ts'
import { createQueueing } from './queueing.ts'
import type { Bandwidth, Transport, TransportContext } from './transport.ts'

/** Undefined where no place has a limit: then bandwidth costs nothing. */
export function createTransport(
  context: TransportContext,
  bandwidth: Bandwidth,
): Transport | undefined {
  const isLimited = ({ uplinkBytesPerSecond, downlinkBytesPerSecond }: Place): boolean =>
    uplinkBytesPerSecond !== undefined || downlinkBytesPerSecond !== undefined
  if (!context.places.some(isLimited)) return undefined
  return bandwidth === 'queue' ? createQueueing(context) : createFairSharing(context)
}
