/** What of an event is part of the digest. */
export type DigestedEvent = {
  time: number
  kind: number
  target: number
  a: number
  b: number
  c: number
}

/**
 * A running digest of whatever integers it is given: two lanes of 32 bits, order-sensitive.
 * It proves that two runs executed the same events; it is no cryptographic hash.
 */
export class Digest {
  private first = 0x2545f491
  private second = 0x6c8e9cf5

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
   * Adds an event: `add` of its time and `add32` of the others, written out, because calls in
   * between would each cost as much as what they do.
   */
  addEvent({ time, kind, target, a, b, c }: DigestedEvent): void {
    const low = time | 0
    const high = Math.floor(time / 4_294_967_296) | 0
    let { first, second } = this
    first = Math.imul(first ^ low, 0x9e3779b1)
    second = Math.imul(second + low, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ high, 0x9e3779b1)
    second = Math.imul(second + high, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ kind, 0x9e3779b1)
    second = Math.imul(second + kind, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ target, 0x9e3779b1)
    second = Math.imul(second + target, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ a, 0x9e3779b1)
    second = Math.imul(second + a, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ b, 0x9e3779b1)
    second = Math.imul(second + b, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    first = Math.imul(first ^ c, 0x9e3779b1)
    second = Math.imul(second + c, 0x85ebca6b) ^ (first >>> 15)
    first = (first << 13) | (first >>> 19)
    second = (second << 7) | (second >>> 25)
    this.first = first
    this.second = second
  }

  /** Adds a text, for instance the digest of another run. */
  addText(text: string): void {
    this.add32(text.length)
    for (let index = 0; index < text.length; index++) this.add32(text.charCodeAt(index))
  }

  /** Sixteen hexadecimal digits. Asking does not change the digest. */
  toString(): string {
    return finished(this.first) + finished(this.second)
  }
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
