/** What is looked for in the help: the words, and what the server found for them. */
import type { SearchAnswer } from './api_types.ts'
import { api, config, draw, drawNow, stage } from './counter.ts'

const TYPING_PAUSE_MS = 250

export let query = ''
export let found: SearchAnswer | undefined
let searchTimer: ReturnType<typeof setTimeout> | undefined

/** A panel begins, or goes away. */
export const forgetSearch = (): void => {
  query = ''
  clearTimeout(searchTimer)
}

export const type = (text: string): void => {
  query = text
  found = undefined
  clearTimeout(searchTimer)
  if (text.trim()) searchTimer = setTimeout(searchNow, TYPING_PAUSE_MS)
  draw()
}

export const searchNow = async (): Promise<void> => {
  clearTimeout(searchTimer)
  const asked = query
  if (!asked.trim()) return
  // without an answer the titles that are here already must do
  const answer = await api.search(asked.trim(), config!.locale).catch(() => ({ results: [], answered: true }))
  if (asked !== query) return
  found = answer
  draw()
}

export const clearSearch = (): void => {
  type('')
  drawNow()
  stage.focus('input')
}
