import type es from '../locales/es.json'

/** One locale file. A list is [one, many]. */
export type Words = typeof es
type Single = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words]

let words: Words

export const useWords = (next: Words): void => {
  words = next
}

/** A sentence with its `{name}` holes filled. */
export const say = (key: Single, holes: Record<string, string | number> = {}): string =>
  words[key].replace(/\{(\w+)\}/g, (_, name: string) => `${holes[name]}`)

/** Singular or plural by `n`; Spanish, English and Portuguese agree for whole numbers above zero. */
export const count = (key: Exclude<keyof Words, Single>, n: number): string => words[key][n === 1 ? 0 : 1]!.replace('{n}', `${n}`)

/** Lower case without accents: what somebody types in a hurry. */
export const fold = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
