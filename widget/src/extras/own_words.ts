import en from '../../locales/extras/en.json'
import es from '../../locales/extras/es.json'
import pt from '../../locales/extras/pt.json'
import { kit } from './lent.ts'

type Words = typeof es
type Single = { [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words]

const ALL: Record<'es' | 'en' | 'pt', Words> = { es, en, pt }
const words = (): Words => ALL[kit.now().config.locale]

/** Of one o'clock Spanish and Portuguese speak in the singular: «a la 1:00», «à 1:00». */
const fill = (text: string, holes: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => `${holes[name]}`).replace(/(la|à)s (?=1:)/, '$1 ')

/** A sentence of this part with its `{name}` holes filled. */
export const say = (key: Single, holes: Record<string, string | number> = {}): string => fill(words()[key], holes)

/** One or many, by `n`. */
export const count = (key: Exclude<keyof Words, Single>, n: number): string => fill(words()[key][n === 1 ? 0 : 1]!, { n })

/** One of a list. */
export const nth = (key: Exclude<keyof Words, Single>, n: number): string => words()[key][n]!
