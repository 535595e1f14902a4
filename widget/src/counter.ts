/**
 * What the open panel knows and what the shopper may do with it; the views only draw it. There is one panel on
 * a page, so this is a module: its names cost nothing when minified.
 */
import { Fragment, h, render, type VNode } from 'preact'
import { createApi, fetchJson, OWN, type Api, type ApiError } from './api.ts'
import type { Article, Boot } from './api_types.ts'
import { fetchBeside } from './beside.ts'
import { createChat, type Chat, type Unsent } from './chat.ts'
import type { Host, Locale } from './config.ts'
import type { Kit, Parts, ShownOrder } from './extras/kit.ts'
import { createMemory, type Memory } from './memory.ts'
import { forgetSearch } from './search.ts'
import { createStage, type Stage } from './stage.ts'
import { Frame } from './views/frame.tsx'
import { Bones, Icon, Out, Trouble } from './views/parts.tsx'
import { tint } from './tint.ts'
import { say, useWords } from './words.ts'
import { ALL_WORDS } from './words_inside.ts'

interface Config {
  store: string
  /** Origin of the API, without a slash at the end. */
  api: string
  steps: string
  locale: Locale
  proof: string
}
export type Tab = 'help' | 'chat' | 'order'

const STALE_MS = 60_000
/** A proof that was fetched is believed for at least this long; within it the address is not asked again. */
const PROOF_MS = 600_000
/** What could not be fetched is asked for again by the next drawing after this. */
const AGAIN_MS = 3000

export let config: Config | undefined
export let boot: Boot | undefined
export let bootFailed = false
export let article: Article | undefined
export let articleId = ''
export let articleFailed = false
/** The server's own sentence about it, when it gave one. */
export let articleTip = ''
export let order: ShownOrder
/** The later parts of the panel, once they came. */
export let parts: Partial<Parts> = {}
/** Which of them did not. */
export let failed: { [part in keyof Parts]?: boolean }
export let draft = ''
export let unseen = false
export let personFailed = false
export let chat: Chat
export let tab: Tab
export let tabs: Tab[]
let host: Host
export let stage: Stage
export let api: Api
let memory: Memory
let from: Tab
let known = ''
let proof = ''
let provedAt = 0
let bootedAt = 0
let formed = false
let drawing = false
let atEnd = true
let drawn = 0
let noted = 0
let helpScroll = 0
let coming: { [part in keyof Parts]?: Promise<void> | undefined }
let gone = false
/** What the order that was shown changes of the boot: the phase, and what belongs to it. */
let proven: Partial<Boot> | undefined

// --- the element's side ---------------------------------------------------------------------------------

/** Takes the place that the loader made; nothing is asked or kept before `open`. */
export const settleIn = (newHost: Host): void => {
  host = newHost
  config = boot = undefined
  known = articleId = ''
  forgetSearch()
  gone = false
  parts = {}
  coming = {}
  failed = {}
  stage = (host.stage || createStage)(host, (seen, online) => {
    if (online) chat.backOnline()
    chat.watch(seen)
    // closed, and a talk goes on: the bubble tells of an answer
    if (!gone && !host.stage && !stage.isOpen() && memory.read().token) fetchBeside('watch').then(m => m.watch(host, () => config, ''), () => {})
  })
  const { halt } = host
  host.halt = () => {
    halt?.()
    gone = true
    forgetSearch()
    parts.extras?.stop()
    stage.close()
    chat?.watch(false)
  }
}

export const open = async (data: DOMStringMap, source: string, locale: Locale): Promise<void> => {
  const next = {
    store: data.store || '', api: new URL(data.api || source).origin, steps: data.steps || '', locale, proof: data.proof || proof,
  }
  const key = JSON.stringify(next)
  // the shop may now say on the element what lies in the basket: `data-basket="125800 COP"`
  if (!stage.isOpen()) element().dispatchEvent(new CustomEvent('mostrador:open', { bubbles: true }))
  if (key !== known) await meet(next)
  else if (Date.now() - bootedAt > STALE_MS) void fetchBoot()
  known = key
  tint(host.frame, boot?.accent)
  if (!stage.open(say('help'), next.locale)) return draw()
  if (tab === 'chat') toEnd()
  else drawNow()
  stage.enter(tab)
  if (!data.proof && data.proofUrl && Date.now() - provedAt > PROOF_MS) void prove(data.proofUrl)
}

export const close = (): void => stage.close()
export const reattach = (): void => stage.reattach()

/** A first opening, or the shop moved on to another step: ask for what belongs here. */
const meet = async (next: Config): Promise<void> => {
  const same = config?.store === next.store && config.api === next.api
  config = next
  api = createApi(next.api, next.store)
  if (!same) {
    chat?.watch(false)
    memory = createMemory(next.store)
    const { draft: kept, token } = memory.read()
    draft = kept || ''
    chat = createChat(() => api, memory, circumstances, draw)
    tab = token ? 'chat' : 'help'
    noted = 0
  }
  proven = undefined
  void fetchBoot()
  order = null
  tabs = ['help', 'chat']
  if (next.proof || memory.read().order) showOrder()
  else if (tab === 'order') tab = 'help'
  useWords(WORDS_INSIDE ? ALL_WORDS[next.locale] : await fetchJson(new URL(`locales/${next.locale}.json`, import.meta.url).href))
}

/** The page's own server says who is logged in here; when it does not answer, nobody is. */
const prove = async (url: string): Promise<void> => {
  provedAt = Date.now()
  const answer = await fetchJson(url, OWN).catch(() => 0)
  if (!answer?.proof) return
  config!.proof = proof = answer.proof
  known = JSON.stringify(config)
  showOrder()
}

const element = () => host.shadow.host as HTMLElement

const circumstances = () => {
  const { locale, steps, proof } = config!
  return {
    locale,
    steps: steps.split(/[\s,]+/).filter(Boolean),
    // without the query: shops put keys of orders there
    page: host.stage ? null : location.origin + location.pathname,
    proof: proof || null,
    basket: element().dataset.basket || null,
  }
}

// --- help -----------------------------------------------------------------------------------------------

/** Where a person comes first the greeting is theirs, whatever else the order tells of it: it knows no basket. */
const byPerson = ({ route, greeting }: Boot): Partial<Boot> => (route === 'person' && greeting ? { greeting } : {})

export const fetchBoot = async (): Promise<void> => {
  const asked = config!
  bootFailed = false
  draw()
  try {
    const { locale, steps } = asked
    const answer = await api.boot(locale, steps, element().dataset.basket && '1').catch((e: ApiError) => {
      if (e.status !== 422) throw e
      return api.boot(locale, steps) // an older server knows no basket
    })
    if (asked !== config) return
    boot = { ...answer, ...proven, ...byPerson(answer) }
    bootedAt = Date.now()
    tint(host.frame, boot?.accent)
  } catch {
    bootFailed = !boot
  }
  draw()
}

/** `kind`: how the shopper came to it; '' is not counted. */
export const openArticle = async (id: string, kind = 'opened'): Promise<void> => {
  void fetchPart('extras').then(() => parts.extras?.count(id, kind))
  if (!articleId) {
    from = tab
    helpScroll = stage.scroll()
  }
  tab = 'help'
  articleId = id
  article = undefined
  articleFailed = false
  drawNow()
  stage.scroll(0)
  stage.focus('.back')
  try {
    const answer = await api.article(id, config!.locale)
    if (articleId !== id) return
    article = answer
    drawNow()
    stage.focus('[data-focus]')
  } catch (e) {
    if (articleId !== id) return
    articleFailed = true
    articleTip = (e as ApiError).message
    draw()
  }
}

export const back = (): void => {
  const id = articleId
  articleId = ''
  tab = from
  if (tab === 'chat') {
    toEnd()
    stage.focus('textarea')
    return
  }
  drawNow()
  // the row it was opened from, unless it lay under a topic that is folded again
  stage.focus(`[data-article="${CSS.escape(id)}"]`) || stage.focus('input')
  stage.scroll(helpScroll)
}

/** From the answers to a person's desk; what was searched for becomes the beginning of the message. */
export const ask = (words?: string): void => {
  if (words && !draft) write(words.trim())
  go('chat', 'textarea')
}

// --- order ----------------------------------------------------------------------------------------------

const showOrder = (): void => {
  setOrder(undefined)
  fetchOrder()
}

export const fetchOrder = (): unknown => fetchPart('extras').then(() => parts.extras?.fetchOrder())

const setOrder = (next: ShownOrder, changes?: Partial<Boot>): void => {
  order = next
  tabs = next === null ? ['help', 'chat'] : ['help', 'chat', 'order']
  if (next === null && tab === 'order') tab = 'help'
  if (changes) {
    proven = changes
    if (boot) boot = { ...boot, ...changes, ...byPerson(boot) }
  }
  draw()
}

/** "Where is my order?": what we know of it, or the form that asks. */
export const findOrder = async (): Promise<void> => {
  await fetchPart('extras')
  tabs = ['help', 'chat', 'order']
  go('order', '[data-focus]')
}

// --- the later parts --------------------------------------------------------------------------------------

const fetchPart = (part: keyof Parts): Promise<void> =>
  (coming[part] ||= fetchBeside(part).then(
    (m: { settle(kit: Kit): any }) => {
      if (!gone)
        parts[part] = m.settle({
          h, Fragment, Bones, Icon, Out, Trouble, draw, go, ask, askPerson, openArticle, findOrder, setOrder, write, circumstances, focus: stage.focus,
          shadow: host.shadow, now: () => ({ config: config!, boot, order, article, chat, memory, api }),
        })
      draw()
    },
    () => {
      failed[part] = true
      draw()
      setTimeout(() => (coming[part] = undefined), AGAIN_MS)
    },
  ))

/** What a view of a later part draws; the part comes by itself when it is first wanted. */
const show = <P extends keyof Parts>(part: P) => (view: Drawn<Parts[P]>, about?: any): VNode | null => {
  void fetchPart(part)
  return (parts[part] as any)?.[view](about) || null
}
/** The names of what draws. */
type Drawn<P> = { [K in keyof P]: P[K] extends (about: any) => VNode | null ? K : never }[keyof P]
/** Who answers when, the order, what is said of an answer and of a talk. */
export const more = show('extras')
/** The message form, and the other ways to reach the shop. */
export const contact = show('contact')

// --- chat -----------------------------------------------------------------------------------------------

export const write = (text: string): void => {
  draft = text
  memory.write({ draft })
  draw()
  // a person may see that an answer is coming
  if (text && chat.conversation?.status === 'open') more('wrote')
}

export const send = (): void => {
  const text = draft.trim()
  if (!text) return
  write('')
  atEnd = true
  void chat.send(text)
}

/** An unsent message goes back into the composer, so that nothing typed is thrown away. */
export const takeBack = (unsent: Unsent): void => {
  chat.discard(unsent)
  if (!draft) write(unsent.text)
  stage.focus('textarea')
}

export const askPerson = async (): Promise<void> => {
  personFailed = false
  atEnd = true
  // nobody is there: a message may be left, which is answered by mail
  if (boot?.contact && !boot.available && !chat.conversation?.email) await fetchPart('contact')
  if (!(await parts.contact?.wish())) {
    stage.focus('textarea')
    personFailed = !(await chat.askPerson(say('personWords')))
  }
  draw()
}

export const scrolled = (log: HTMLElement): void => {
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  if (atEnd && unseen) {
    unseen = false
    draw()
  }
}

export const toEnd = (): void => {
  atEnd = true
  unseen = false
  drawNow()
}

// --- drawing --------------------------------------------------------------------------------------------

export const go = (next: Tab, focus = ''): void => {
  tab = next
  articleId = ''
  if (next === 'chat') toEnd()
  else drawNow()
  stage.scroll(0)
  if (focus) stage.focus(focus)
}

export const draw = (): void => {
  if (drawing) return
  drawing = true
  queueMicrotask(() => drawing && drawNow())
}

export const drawNow = (): void => {
  drawing = false
  if (!stage.isOpen()) return stage.rest?.()
  const count = chat.messages.length + chat.unsent.length
  if (!atEnd && count > drawn) unseen = true
  // the form says that nobody is there any more: then so does who answers when
  const form = !!chat.conversation?.form
  if (form && !formed && boot?.available) void fetchBoot()
  formed = form
  drawn = count
  render(h(Frame, null), stage.sheet)
  // a form at the end of the talk is read from its beginning
  const read = tab === 'chat' && atEnd && !!count && !parts.contact?.isWriting()
  stage.settle(read)
  const last = chat.messages.at(-1)?.position
  if (read && last && last !== noted) memory.write({ seen: `${(noted = last)}` })
}
