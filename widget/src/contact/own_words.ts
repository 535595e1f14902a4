import en from '../../locales/contact/en.json'
import es from '../../locales/contact/es.json'
import pt from '../../locales/contact/pt.json'
import { kit } from '../extras/lent.ts'

type Words = typeof es

const ALL: Record<'es' | 'en' | 'pt', Words> = { es, en, pt }

/** A sentence of this part; `n` fills its `{n}`. */
export const say = (key: keyof Words): string => ALL[kit.now().config.locale][key]
