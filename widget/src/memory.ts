/** What this browser keeps for one store: one key, written only after the panel was opened and something typed. */
export interface Kept {
  token?: string | undefined
  draft?: string | undefined
  /** The last message that was on the screen: newer ones are told on the bubble. */
  seen?: string | undefined
  /** A code that was mailed: its handle, until when it is good (ms), when another may be asked for (ms). */
  code?: string | undefined
  /** '1': this conversation may be shown an order, proven by such a code. */
  order?: string | undefined
  /** The conversation in which the shopper would rather leave no address. */
  noEmail?: string | undefined
  /** The message form that no answer came to: a sum of what was in it, and its id. */
  form?: string | undefined
  unsent?: { client_id: string; text: string }[] | undefined
}

export interface Memory {
  /** Another tab may have written: asks the storage each time. */
  read(): Kept
  write(change: Kept): void
}

export const createMemory = (store: string): Memory => {
  const key = 'mostrador:' + store
  let kept: Kept = {}
  const read = (): Kept => {
    try {
      const text = localStorage.getItem(key)
      kept = text ? JSON.parse(text) : {}
    } catch {} // storage is forbidden here: this page's memory serves
    return kept
  }
  const write = (change: Kept): void => {
    const all = Object.entries({ ...read(), ...change }).filter(([, value]) => value?.length)
    kept = Object.fromEntries(all)
    try {
      if (all.length) localStorage.setItem(key, JSON.stringify(kept))
      else localStorage.removeItem(key)
    } catch {}
  }
  return { read, write }
}

/**
 * A version 4 UUID. `crypto.randomUUID` is missing on pages served over plain http; the id only has to differ
 * from the others of one conversation, so there any dice will do.
 */
export const mintId = (): string =>
  crypto.randomUUID?.() ?? '00000000-0000-4000-8000-000000000000'.replace(/0/g, () => ((Math.random() * 16) | 0).toString(16))
