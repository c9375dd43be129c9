/** What of an event is part of the digest. */
export type DigestedEvent = {
  time: number
  kind: number
  target: number
  a: number
  b: number
  c: number
}

/** Two integers of 32 bits. */
export type DigestLanes = { first: number; second: number }

/** The two lanes of a digest of nothing. */
export const digestStart: DigestLanes = { first: 0x2545f491, second: 0x6c8e9cf5 }

/**
 * A running digest of whatever integers it is given: two lanes of 32 bits, order-sensitive.
 * It proves that two runs executed the same events; it is no cryptographic hash.
 */
export class Digest {
  private first: number
  private second: number

  /** A digest of nothing, or one that goes on from another. */
  constructor({ first, second }: DigestLanes = digestStart) {
    this.first = first
    this.second = second
  }

  /** What another digest needs to go on from here. */
  get lanes(): DigestLanes {
    return { first: this.first, second: this.second }
  }

  /** Adds an integer of up to 53 bits; both of its halves count. */
  add(value: number): void {
    this.add32(value | 0)
    this.add32(Math.floor(value / 4_294_967_296) | 0)
  }

  /** Adds an integer of 32 bits. */
  add32(value: number): void {
    const first = Math.imul(this.first ^ value, 0x9e3779b1)
    this.first = (first << 13) | (first >>> 19)
    this.second = nextSecond(this.second, value, first)
  }

  /**
   * Adds an event. Its seven integers of 32 bits are multiplied by constants of their own, for each
   * lane others, so that the processor takes them side by side; the order of events is in the
   * rotations.
   */
  addEvent({ time, kind, target, a, b, c }: DigestedEvent): void {
    const low = time | 0
    const high = Math.floor(time / 4_294_967_296) | 0
    const one =
      (Math.imul(low, 0x9e3779b1) + Math.imul(high, 0x85ebca77) + Math.imul(kind, 0xc2b2ae3d)) ^
      (Math.imul(target, 0x27d4eb2f) + Math.imul(a, 0x165667b1)) ^
      (Math.imul(b, 0xd3a2646d) + Math.imul(c, 0xfd7046c5))
    const two =
      (Math.imul(low, 0xb55a4f09) + Math.imul(target, 0x8f14e45f) + Math.imul(b, 0x6a09e667)) ^
      (Math.imul(high, 0xcc9e2d51) + Math.imul(c, 0x1b873593)) ^
      (Math.imul(kind, 0xe6546b65) + Math.imul(a, 0x2c1b3c6d))
    const first = Math.imul(this.first ^ one, 0x9e3779b1)
    const second = Math.imul(this.second + two, 0x85ebca6b) ^ (first >>> 15)
    this.first = (first << 13) | (first >>> 19)
    this.second = (second << 7) | (second >>> 25)
  }

  /** Adds a text, for instance the digest of another run. */
  addText(text: string): void {
    this.add32(text.length)
    for (let index = 0; index < text.length; index++) this.add32(text.charCodeAt(index))
  }

  /** Sixteen hexadecimal digits. Asking does not change the digest. */
  toString(): string {
    return digestText(this.first, this.second)
  }
}

/** Sixteen hexadecimal digits for two lanes. */
export function digestText(first: number, second: number): string {
  return finished(first) + finished(second)
}

function nextSecond(second: number, value: number, first: number): number {
  const mixed = Math.imul(second + value, 0x85ebca6b) ^ (first >>> 15)
  return (mixed << 7) | (mixed >>> 25)
}

/** The avalanche step of MurmurHash3, so that near states print far apart. */
function finished(lane: number): string {
  let bits = lane ^ (lane >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0).toString(16).padStart(8, '0')
}

/** The digest of a text, sixteen hexadecimal digits. */
export function digestOf(text: string): string {
  const digest = new Digest()
  digest.addText(text)
  return digest.toString()
}
