/** A list of payments in a typed column that grows as needed. */
export type IdList = {
  length: () => number
  at: (index: number) => number
  push: (id: number) => void
  clear: () => void
}

export function createIdList(): IdList {
  let ids = new Int32Array(1024)
  let length = 0
  return {
    length: () => length,
    at: (index) => ids[index]!,
    push: (id) => {
      if (length === ids.length) {
        const wider = new Int32Array(length * 2)
        wider.set(ids)
        ids = wider
      }
      ids[length++] = id
    },
    clear: () => {
      length = 0
    },
  }
}
