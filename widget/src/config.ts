import type { Changed, Stage } from './stage.ts'

export type { Changed, Stage }

export type Locale = 'es' | 'en' | 'pt'

/** What the panel gets from the loader: the place on the page. */
export interface Host {
  readonly frame: HTMLElement
  readonly shadow: ShadowRoot
  readonly bubble: HTMLElement
  /** Ends whatever goes on here. Who begins something puts their own end before the one that is there. */
  halt?: () => void
  /** Where the panel is the document: a stage of its own, which asks nothing of a page around it. */
  readonly stage?: (host: Host, changed: Changed) => Stage
}

export interface Panel {
  /**
   * `data`: the `data-*` of the script tag, none of it trusted by the server. `source`: the address of the
   * loader, whose origin is also the API's when the tag names no other.
   */
  open(data: DOMStringMap, source: string, locale: Locale): Promise<void>
  close(): void
  /** The element was moved to a new body: a modal dialog must enter the top layer again. */
  reattach(): void
  destroy(): void
}

/** The first of the wishes that we speak; English when we speak none. */
export const chooseLocale = (...wishes: (string | undefined)[]): Locale =>
  (wishes.find(w => /^(es|en|pt)(?![a-z])/i.test(w!)) || 'en').slice(0, 2).toLowerCase() as Locale
