/**
 * The guest at the door: one small script that draws the bubble and fetches nothing more until somebody
 * wants help. No request, no storage and no listener on the page before that.
 */
import css from './bubble.css'
import { inkOn, isColour } from './colour.ts'
import { chooseLocale, type Host, type Locale, type Panel } from './config.ts'
import { keepClear } from './placing.ts'

/** The element on the page, and the API of the shop's own scripts. */
interface Widget extends HTMLElement {
  open(): Promise<void>
  close(): void
  /** The shopper agreed to be offered help (only asked for by `data-consent="required"`). */
  consent(): void
  /** Takes everything away: nodes, observers, listeners, streams. The script tag may start anew. */
  destroy(): void
  /** Another run of the script, after a soft navigation, says what is true now. */
  adopt(data: DOMStringMap, source: string): void
}
type WidgetClass = CustomElementConstructor & { one?: Widget | null }

const NAME = 'mostrador-widget'
const WORDS = { es: ['Ayuda', 'Reintentar'], en: ['Help', 'Retry'], pt: ['Ajuda', 'Tentar de novo'] }

const build = (Known: WidgetClass): Widget => {
  const element = new Known() as Widget
  const shadow = element.attachShadow({ mode: 'open' })
  const frame = document.createElement('div')
  const bubble = document.createElement('button')
  const label = document.createElement('span')
  let data: DOMStringMap
  let source: string
  let locale: Locale
  let tries = ''
  let busy = false
  let panel: Panel | undefined
  const host: Host = { frame, shadow, bubble }

  const load = (name = 'panel'): Promise<any> => import(new URL(PANEL.replace('panel', name) + tries, source) as never)
  const tell = (word: number): void => {
    frame.ariaLabel = label.textContent = WORDS[locale][word]!
    // on a phone the word is only heard, until there is bad news
    label.style.font = word ? 'inherit' : ''
    frame.lang = locale
  }
  /** Soft navigations replace the body, and page caches bring back copies: be there, and be the only one. */
  const settle = (): void => {
    for (const other of document.querySelectorAll(NAME)) if (other !== element) other.remove()
    if (!element.isConnected) {
      document.body.append(element)
      panel?.reattach()
    }
  }
  const consent = async (): Promise<void> => {
    if (host.halt) return
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    shadow.adoptedStyleSheets.push(sheet)
    bubble.className = bubble.part = 'bubble'
    bubble.ariaHasPopup = 'dialog'
    bubble.ariaExpanded = 'false'
    bubble.append(label)
    frame.role = 'region'
    frame.append(bubble)
    shadow.append(frame)
    bubble.onclick = open
    if (!navigator.connection?.saveData) bubble.onpointerenter = bubble.onfocus = () => void load().catch(() => {})
    host.halt = keepClear(bubble, settle)
    // somebody who wrote before: is there an answer?
    try {
      if (/token/.test(localStorage['mostrador:' + data.store])) (await load('watch')).watch(host, () => data, source)
    } catch {} // storage is forbidden here, or nothing came: the panel will tell
  }
  const open = async (): Promise<void> => {
    if (busy) return
    busy = true
    consent()
    try {
      panel ||= (await (load() as Promise<{ mount(host: Host): Panel }>)).mount(host)
      await panel.open(data, source, locale)
      tell(0)
    } catch {
      // a module that failed stays failed under its address in some browsers: the next click asks anew
      tries += '?'
      tell(1)
    }
    busy = false
  }
  return Object.assign(element, {
    open,
    consent,
    close: () => panel?.close(),
    destroy() {
      Known.one = null
      host.halt?.()
      element.remove()
    },
    adopt(newData: DOMStringMap, newSource: string) {
      data = newData
      source = newSource
      locale = chooseLocale(data.locale, document.documentElement.lang, navigator.language)
      const accent = isColour(data.accent) ? data.accent : '#1f2a44'
      const side = (data.offsetSide || 16) + 'px'
      frame.style.cssText = `--accent:${accent};--ink:${inkOn(accent)};--up:${data.offsetBottom || 16}px;--at:${data.corner === 'start' ? side + ' auto' : 'auto ' + side}`
      frame.className = 'frame ' + data.theme
      element.style.zIndex = data.zIndex || ''
      tell(0)
      settle()
      if (data.consent !== 'required') consent()
    },
  })
}

const script = document.currentScript as HTMLScriptElement
let settings: HTMLElement | null
const start = (): void => {
  // where the platform writes the tag itself (a Shopify theme) the settings lie elsewhere; without them there is no store yet
  if (SETTINGS_BESIDE && !(settings = document.getElementById('mostrador-settings'))) return
  let Known = customElements.get(NAME) as WidgetClass | undefined
  if (!Known) customElements.define(NAME, (Known = class extends HTMLElement {}))
  ;(Known.one ||= build(Known)).adopt((SETTINGS_BESIDE ? settings! : script).dataset, script.src)
}
/** After the shop's own work, and found out without listening: polling costs nothing and leaves nothing. */
const wait = (): unknown => (document.readyState === 'complete' ? (window.requestIdleCallback || setTimeout)(start) : setTimeout(wait, 100))
wait()
