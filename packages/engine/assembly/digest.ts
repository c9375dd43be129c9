import { state } from './memory'

/** Adds an event to the digest: exactly as `Digest.addEvent` does. */
export function digestEvent(time: f64, kind: i32, target: i32, a: i32, b: i32, c: i32): void {
  const whole = <u64>time
  const low = <i32>whole
  const high = <i32>(whole >> 32)
  const one =
    (low * 0x9e3779b1 + high * 0x85ebca77 + kind * 0xc2b2ae3d) ^
    (target * 0x27d4eb2f + a * 0x165667b1) ^
    (b * 0xd3a2646d + c * 0xfd7046c5)
  const two =
    (low * 0xb55a4f09 + target * 0x8f14e45f + b * 0x6a09e667) ^
    (high * 0xcc9e2d51 + c * 0x1b873593) ^
    (kind * 0xe6546b65 + a * 0x2c1b3c6d)
  const first = (state.digestFirst ^ one) * 0x9e3779b1
  const second = ((state.digestSecond + two) * 0x85ebca6b) ^ (first >>> 15)
  state.digestFirst = rotl(first, 13)
  state.digestSecond = rotl(second, 7)
}
