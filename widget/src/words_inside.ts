/** The words of every language; only the flat build (build.mjs) keeps them. */
import en from '../locales/en.json'
import es from '../locales/es.json'
import pt from '../locales/pt.json'
import type { Words } from './words.ts'
import type { Locale } from './config.ts'

export const ALL_WORDS: Record<Locale, Words> = { en, es, pt }
