/**
 * The panel is closed and a talk goes on: a number on the bubble says what was answered since, and where people hold
 * the talk they hear which page the shopper is on. Fetched only by who wrote before; one question each half minute
 * while the page is in view, and no listener.
 */
import { ask, ROOT, type ApiError } from './api.ts'
import type { ConversationAnswer } from './api_types.ts'
import { chooseLocale, type Host } from './config.ts'
import { createMemory } from './memory.ts'
import css from './watch.css'

const EVERY_MS = 30_000
/** One new message, several. */
export const WORDS = {
  es: ['1 mensaje nuevo', '{n} mensajes nuevos'],
  en: ['1 new message', '{n} new messages'],
  pt: ['1 mensagem nova', '{n} mensagens novas'],
}

let watched: Host | undefined

interface Data {
  store?: string
  api?: string
  steps?: string
}
/** `now` gives what the panel gets: `store`, `api` (else the origin of `source`), `steps`. One look-out for one place. */
export const watch = (host: Host, now: () => Data, source: string): void => {
  if (watched === host) return
  watched = host
  let data = now()
  let path = location.pathname
  const { bubble, frame, shadow, halt } = host
  const url = `${new URL(data.api || source).origin}${ROOT}conversation`
  const memory = createMemory(data.store || '')
  const badge = document.createElement('b')
  const sheet = new CSSStyleSheet()
  let timer: ReturnType<typeof setTimeout> | undefined

  const show = (count: number): void => {
    const [one, many] = WORDS[chooseLocale(frame.lang)]
    badge.textContent = count > 9 ? '9+' : `${count}`
    bubble.classList.toggle('fresh', count > 0)
    bubble.ariaLabel = count ? `${frame.ariaLabel}, ${count === 1 ? one : many!.replace('{n}', `${count}`)}` : null
  }
  const isOpen = (): boolean => bubble.ariaExpanded === 'true'
  const tellPage = (token: string): void => {
    if (now() !== data) {
      data = now()
      path = location.pathname
    }
    // of a page that the shop drew without saying so nobody knows which steps it is
    const steps = location.pathname === path ? data.steps : ''
    const body = {
      page: location.origin + location.pathname, // without the query: shops put keys of orders there
      steps: (steps || '').split(/[\s,]+/).filter(Boolean),
      basket: (shadow.host as HTMLElement).dataset.basket || null,
    }
    // each time: another tab may have told another page, and an older server knows of none
    ask(url + '/page', body, token).catch(() => {})
  }
  const look = async (): Promise<void> => {
    clearTimeout(timer)
    const { token, seen } = memory.read()
    if (!token) return end() // the talk was forgotten; the next one begins anew
    timer = setTimeout(look, EVERY_MS)
    if (isOpen()) return show(0)
    if (document.hidden) return
    try {
      const { conversation, messages }: ConversationAnswer = await ask(`${url}?after=${Number(seen) || 0}`, undefined, token)
      if (/open|snoozed/.test(conversation.status)) tellPage(token)
      const last = messages.at(-1)?.position
      // what was said before this browser first looked is no news
      if (!seen && last) memory.write({ seen: `${last}` })
      else if (watched === host && !isOpen()) show(messages.filter(m => /^(agent|bot)$/.test(m.author)).length)
    } catch (e) {
      const { status } = e as ApiError
      if (status === 401) memory.write({ token: '', seen: '', order: '' })
      if (status === 401 || status === 404) end()
    }
  }
  const turns = new MutationObserver(look)
  const end = (): void => {
    if (watched !== host) return
    watched = undefined
    clearTimeout(timer)
    turns.disconnect()
    show(0)
    badge.remove()
  }

  sheet.replaceSync(css)
  shadow.adoptedStyleSheets.push(sheet)
  badge.className = 'news'
  bubble.prepend(badge)
  turns.observe(bubble, { attributeFilter: ['aria-expanded'] })
  host.halt = () => {
    end()
    halt?.()
  }
  void look()
}
