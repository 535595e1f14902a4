/**
 * The same panel as a whole document: a page of ours that somebody else's page shows in a frame. It fills its root and
 * asks nothing of a page around it; closed, it is a button in that root. The panel itself is fetched when it is wanted.
 */
import bubbleCss from './bubble.css'
import { inkOn, isColour } from './colour.ts'
import { chooseLocale, type Changed, type Host, type Locale, type Panel, type Stage } from './config.ts'
import css from './document.css'
import { createMemory } from './memory.ts'
import type * as PanelModule from './panel.ts'

/** What the panel is told; whoever mounts it may tell it anew at any time. `steps`: a list, or names with commas. */
export interface Circumstances {
  store: string
  api: string
  steps: string | readonly string[]
  locale: string
  proof: string
  basket: string
  accent: string
}
export interface Place {
  root: HTMLElement
  /** Before the panel is shown, and after it was: the root may grow and shrink. */
  onOpen?(): void
  onClose?(): void
}
export interface PanelDocument {
  open(): Promise<void>
  close(): void
  /** Other steps, another basket, a proof: the talk goes on. */
  update(news: Partial<Circumstances>): void
  destroy(): void
}

const NARROW = '(max-width: 579px)'
/** Help, the next try, one new message, several. */
const WORDS: Record<Locale, [string, string, string, string]> = {
  es: ['Ayuda', 'Reintentar', '1 mensaje nuevo', 'mensajes nuevos'],
  en: ['Help', 'Try again', '1 new message', 'new messages'],
  pt: ['Ajuda', 'Tentar de novo', '1 mensagem nova', 'mensagens novas'],
}

const sheetOf = (text: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}

export const mountDocument = ({ root, onOpen, onClose, ...first }: Place & Circumstances): PanelDocument => {
  const element = document.createElement('div')
  const shadow = element.attachShadow({ mode: 'open' })
  const frame = document.createElement('div')
  const bubble = document.createElement('button')
  const label = document.createElement('span')
  const badge = document.createElement('b')
  const memory = createMemory(first.store)
  const ties = new AbortController()
  const host: Host = { frame, shadow, bubble, stage: (given, hear) => stage(given, hear) }
  let now: Circumstances = first
  let code: typeof PanelModule
  let panel: Panel | undefined
  let inner: Stage | undefined
  let changed: Changed | undefined
  /** The shopper wants to see it; false while it only listens for news. */
  let wanted = false
  let busy = false
  let failed = false
  let tries = 0
  let unread = 0
  let seen = Number(memory.read().seen) || 0

  const tell = (): void => {
    const locale = chooseLocale(now.locale)
    const [help, again, one, many] = WORDS[locale]
    frame.ariaLabel = help
    frame.lang = locale
    label.textContent = failed ? again : help
    badge.textContent = unread > 9 ? '9+' : unread ? `${unread}` : ''
    bubble.ariaLabel = unread ? `${label.textContent}, ${unread === 1 ? one : `${unread} ${many}`}` : null
    if (now.basket) element.dataset.basket = now.basket
    else delete element.dataset.basket
  }
  const paint = (): void => {
    const accent = isColour(now.accent) ? now.accent : '#1f2a44'
    frame.style.setProperty('--accent', accent)
    frame.style.setProperty('--ink', inkOn(accent))
  }
  const last = (): number => code.chat.messages.at(-1)?.position || 0
  const note = (): void => {
    if (last() === seen) return
    seen = last()
    memory.write({ seen: seen ? `${seen}` : '' })
  }
  /** Closed, it counts what came since; what was said before this browser first looked is no news. */
  const weigh = (): void => {
    seen ||= last()
    unread = code.chat.messages.filter(m => m.position > seen && /^(agent|bot)$/.test(m.author)).length
    tell()
  }
  /** The panel's own stage, which shows itself only when it is wanted and goes on listening when it is closed. */
  const stage = (host: Host, hear: Changed): Stage => {
    const own = (inner = code.createStage(host, () => {
      if (own.isOpen()) return
      wanted = false
      onClose?.()
    }))
    changed = undefined
    return {
      ...own,
      open(words, lang) {
        changed = hear
        hear(!document.hidden)
        if (!wanted) return false
        if (!own.isOpen()) onOpen?.()
        return own.open(words, lang)
      },
      enter(tab) {
        // where the screen is small, a field would raise the keyboard unasked
        if (!matchMedia(NARROW).matches || !own.focus('[aria-selected=true]')) own.enter(tab)
      },
      settle(toEnd) {
        own.settle(toEnd)
        unread = 0
        note()
      },
      rest: weigh,
    }
  }
  const load = (): Promise<typeof PanelModule> => import(new URL('panel.js' + (tries ? '?' + tries : ''), import.meta.url).href)
  const work = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      if (!panel) {
        code = await load()
        panel = code.mount(host)
      }
      for (let told: Circumstances | undefined; told !== now; ) {
        told = now
        const { store, api, proof, steps } = now
        await panel.open({ store, api, proof, steps: `${steps}` }, api, chooseLocale(now.locale))
      }
      failed = false
    } catch {
      tries++
      failed = wanted && !inner?.isOpen()
      wanted = !!inner?.isOpen()
    }
    busy = false
    tell()
  }
  const open = (): Promise<void> => {
    wanted = true
    return work()
  }
  const look = (e: Event): void => changed?.(e.type !== 'pagehide' && !document.hidden, e.type === 'online')

  shadow.adoptedStyleSheets = [sheetOf(bubbleCss), sheetOf(css)]
  bubble.className = bubble.part = 'bubble'
  bubble.ariaHasPopup = 'dialog'
  bubble.ariaExpanded = 'false'
  bubble.onclick = open
  bubble.onpointerenter = bubble.onfocus = () => void (panel || load().catch(() => {}))
  bubble.append(label, badge)
  frame.className = 'frame ' + (root.dataset.theme || 'light')
  frame.role = 'region'
  frame.append(bubble)
  shadow.append(frame)
  paint()
  tell()
  root.append(element)
  for (const type of ['pagehide', 'pageshow', 'online']) addEventListener(type, look, { signal: ties.signal })
  document.addEventListener('visibilitychange', look, { signal: ties.signal })
  // a talk that goes on: nothing opens, but an answer is counted
  if (memory.read().token) (window.requestIdleCallback || setTimeout)(() => void work())

  return {
    open,
    close: () => panel?.close(),
    update(news) {
      now = { ...now, ...news }
      if (news.accent) paint()
      tell()
      if (inner?.isOpen()) void work()
    },
    destroy() {
      ties.abort()
      host.halt?.()
      element.remove()
    },
  }
}
