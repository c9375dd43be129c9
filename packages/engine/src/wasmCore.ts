import { BaseError } from './errors.ts'
import type { Time } from './time.ts'
import { wasmModule } from './wasmModule.ts'

/** What the module exports; `assembly/index.ts` and `assembly/transfer.ts` tell what it does. */
export type Core = {
  begin: () => void
  push: (
    time: Time,
    priority: number,
    kind: number,
    target: number,
    a: number,
    b: number,
    c: number,
  ) => number
  take: (until: Time) => number
  next: () => number
  cancel: (block: number, bit: number) => number
  skip: (count: number) => number
  digestEvent: (
    time: Time,
    kind: number,
    target: number,
    a: number,
    b: number,
    c: number,
  ) => void
  extract: () => number
  adopt: () => void
  openOf: (block: number) => number
  bitsOf: (block: number) => number
  adoptBlock: (open: number) => number
}

export type CoreMemory = { buffer: ArrayBuffer; grow: (pages: number) => number }

/** The part of WebAssembly that is used here; the types of Node leave it out. */
type Host = {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Core }
  Memory: new (limits: { initial: number }) => CoreMemory
}
let compiled: object | undefined

/**
 * A memory of so many pages with nothing in it, and the code that works on it; `grown` is called
 * when the memory has grown, and its old buffer is no more.
 *
 * @throws where the host has no WebAssembly, does not let a module be compiled on the spot, or has
 *   no memory left.
 */
export function openCore(
  pages: number,
  grown: () => void,
): { core: Core; memory: CoreMemory } {
  const { Module, Instance, Memory } = (globalThis as unknown as { WebAssembly: Host }).WebAssembly
  compiled ??= new Module(Uint8Array.from(atob(wasmModule), (letter) => letter.charCodeAt(0)))
  const caller = {
    grown,
    exhausted: () => {
      throw new BaseError('More events would be pending than 4 GB of memory hold.')
    },
    spent: () => {
      throw new BaseError('A run has at most 2⁴⁰ events.')
    },
  }
  const memory = new Memory({ initial: pages })
  const { exports } = new Instance(compiled, { caller, env: { memory } })
  // An object of our own: the one that holds the exports is slow to look into.
  return { core: { ...exports }, memory }
}
