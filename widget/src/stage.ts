import type { Host } from './config.ts'

/** A phone, also one held sideways: there the panel takes the whole screen. */
const PHONE = '(max-width: 480px), (max-height: 480px) and (pointer: coarse)'

export interface Stage {
  /** Where the views are drawn. */
  readonly sheet: HTMLElement
  isOpen(): boolean
  /** False when it is open already, or stays closed. */
  open(label: string, lang: string): boolean
  close(): void
  /** After a move to a new body: a modal dialog must enter the top layer again. */
  reattach(): void
  /** Puts the focus where a first opening of this tab wants it. */
  enter(tab: string): void
  /** True when the element was there and took the focus. */
  focus(selector: string): boolean
  /** Reads or sets how far the body is scrolled, in px. */
  scroll(to?: number): number
  /** After drawing: the composer as high as its text, the log at its end. */
  settle(toEnd: boolean): void
  /** Something changed while it is closed. */
  rest?(): void
}

export type Changed = (seen: boolean, online?: boolean) => void

/**
 * The dialog and everything it asks of the page while it is open: focus, Escape, Back, the on-screen keyboard,
 * the tab going away. Every listener hangs on one signal, so closing leaves none behind.
 * `changed(seen, online)`: the panel is open and the tab in view; the line came back just now.
 */
export const createStage = (host: Host, changed: Changed): Stage => {
  const { frame, bubble, shadow } = host
  const dialog = document.createElement('dialog')
  const sheet = document.createElement('div')
  let isOpen = false
  let phone = false
  let ties: AbortController
  let settling: ReturnType<typeof setTimeout>

  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    ties.abort()
    // to the bubble, unless the shopper is already in a field of the shop
    const within = shadow.activeElement || document.activeElement === document.body
    dialog.close()
    bubble.ariaExpanded = 'false'
    if (within) bubble.focus({ preventScroll: true })
    // our own step back; when Back itself closed the panel it is taken already
    if (phone && history.state?.mostrador) history.back()
    changed(false)
  }
  const escape = (e: Event): void => {
    e.preventDefault()
    close()
  }
  const tie = (): void => {
    ties = new AbortController()
    const { signal } = ties
    const hears = (target: EventTarget, types: string, act: (e: any) => void): void => {
      for (const type of types.split(' ')) target.addEventListener(type, act, { signal, capture: true })
    }
    const look = (e: Event): void => changed(e.type !== 'pagehide' && !document.hidden, e.type === 'online')
    hears(window, 'pagehide pageshow online', look)
    hears(document, 'visibilitychange', look)
    // a click on nothing leaves the focus on the page's body: Escape still means us
    hears(document, 'keydown', e => e.key === 'Escape' && document.activeElement === document.body && escape(e))
    if (!phone) return
    try {
      if (!history.state?.mostrador) history.pushState({ ...history.state, mostrador: 1 }, '')
      hears(window, 'popstate', e => e.state?.mostrador || close())
    } catch {} // a frame without a history: Back is not ours there
    const view = visualViewport
    if (!view) return
    const fit = (): void => {
      if (view.scale > 1.05) return // the shopper zooms in to read
      const shrinks = view.height < dialog.clientHeight
      dialog.style.height = view.height + 'px'
      dialog.style.top = view.offsetTop + 'px'
      dialog.classList.toggle('tight', view.height < 430)
      // what is being written in stays in view above the keyboard
      if (shrinks) shadow.activeElement?.scrollIntoView({ block: 'nearest' })
    }
    hears(view, 'resize scroll', fit)
    fit()
  }
  const focus = (selector: string): boolean => {
    const target = sheet.querySelector<HTMLElement>(selector)
    target?.focus({ preventScroll: true })
    return !!target && shadow.activeElement === target
  }

  dialog.className = 'panel'
  dialog.part = 'panel'
  sheet.className = 'sheet'
  sheet.dir = 'ltr' // of the languages we speak; the corner follows the page
  dialog.append(sheet)
  frame.append(dialog)
  for (const type of ['keydown', 'keyup', 'keypress'])
    dialog.addEventListener(type, e => {
      // what is typed here must not press the shop's hot keys
      e.stopPropagation()
      const { key, isComposing } = e as KeyboardEvent
      if (type === 'keydown' && key === 'Escape' && !isComposing) escape(e)
    })
  dialog.oncancel = escape
  dialog.onclose = close

  return {
    sheet,
    isOpen: () => isOpen,
    open(label, lang) {
      dialog.ariaLabel = label
      sheet.lang = lang
      if (isOpen) return false
      isOpen = true
      phone = !host.stage && matchMedia(PHONE).matches
      dialog.classList.toggle('full', phone)
      bubble.ariaExpanded = 'true'
      dialog[phone ? 'showModal' : 'show']()
      tie()
      changed(!document.hidden)
      return true
    },
    close,
    reattach() {
      if (!isOpen || !phone) return
      dialog.removeAttribute('open')
      dialog.showModal()
    },
    enter(tab) {
      // on a phone not into a field: that would raise the keyboard unasked
      ;(!phone && focus(tab === 'chat' ? 'textarea' : 'input')) || focus('[aria-selected=true]')
    },
    focus,
    scroll(to) {
      const body = sheet.querySelector('.body')
      if (body && to !== undefined) body.scrollTop = to
      return body?.scrollTop ?? 0
    },
    settle(toEnd) {
      const area = sheet.querySelector('textarea')
      if (area) {
        area.style.height = 'auto'
        area.style.height = area.scrollHeight + 2 + 'px'
      }
      const log = toEnd && sheet.querySelector('.log')
      let to = 0
      // messages that come into view get their true heights a moment later; who has scrolled up meanwhile stays there
      const end = (): unknown => log && log.scrollTop >= to && ((log.scrollTop = 1e9), (to = log.scrollTop))
      end()
      clearTimeout(settling)
      settling = setTimeout(end, 60)
    },
  }
}
