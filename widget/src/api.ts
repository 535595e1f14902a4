/** The only file that speaks HTTP. Every address is under one origin; nothing secret goes into an address. */
import type {
  Article, Boot, ConversationAnswer, NewMessage, PostedAnswer, SearchAnswer,
} from './api_types.ts'
import { createParser, type StreamEvent } from './stream.ts'

/** `status` is 0 when no answer came at all; `message` is the server's own sentence, or empty; `left`: how many tries. */
export class ApiError extends Error {
  constructor(readonly status: number, message = '', readonly left?: number) {
    super(message)
  }
}

export const ROOT = '/api/widget/v1/'
const PATIENCE_MS = 20_000
/** The server beats every 15 s: three missed beats mean that the line is dead. */
const SILENCE_MS = 46_000

const answerOf = async (response: Response): Promise<any> => {
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(response.status, typeof body.message === 'string' ? body.message : '', body.left)
  return body
}
const gone = (error: unknown): never => {
  throw error instanceof ApiError ? error : new ApiError(0)
}

/** A file of JSON: our words. Or, of the page's own server alone (`OWN`), what it knows: another origin is never asked. */
export const fetchJson = (url: string, init?: RequestInit): Promise<any> => fetch(url, init).then(answerOf).catch(gone)
export const OWN: RequestInit = { mode: 'same-origin' }

/** GET without a body, else POST of its JSON; a dead line is given up. */
export const ask = (url: string, body?: object, token?: string): Promise<any> =>
  fetch(url, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: 'Bearer ' + token }) },
    credentials: 'omit', signal: AbortSignal.timeout?.(PATIENCE_MS) ?? null,
  }).then(answerOf).catch(gone)

export interface Api {
  /** `basket`: '1' when something lies in it. */
  boot(locale: string, steps: string, basket?: string): Promise<Boot>
  article(id: string, locale: string): Promise<Article>
  search(q: string, locale: string): Promise<SearchAnswer>
  postMessage(message: NewMessage, token: string | undefined): Promise<PostedAnswer>
  conversation(token: string, after: number): Promise<ConversationAnswer>
  /** About the conversation of this token; `what` is the end of the address. */
  act(what: string, body: object, token: string | undefined): Promise<any>
  /** About the store, without a token unless one is given. */
  tell(what: string, body: object, token?: string): Promise<any>
  /** Reads events until the server closes (resolves), or the line breaks, stays silent or `stop` aborts (rejects). */
  stream(token: string, lastId: string, stop: AbortSignal, take: (event: StreamEvent) => void, opened: () => void): Promise<void>
}

/** Every call rejects with an ApiError. `origin` has no slash at its end. */
export const createApi = (origin: string, storeId: string): Api => {
  const root = origin + ROOT
  const store = `${root}stores/${encodeURIComponent(storeId)}/`

  const get = (url: string, query: Record<string, string>, token?: string): Promise<any> =>
    ask(`${url}?${new URLSearchParams(query)}`, undefined, token)

  return {
    boot: (locale, steps, basket) => get(store + 'boot', { locale, steps, ...(basket && { basket }) }),
    article: (id, locale) => get(`${store}articles/${encodeURIComponent(id)}`, { locale }),
    search: (q, locale) => get(store + 'search', { q, locale }),
    postMessage: (message, token) => ask(store + 'messages', message, token),
    conversation: (token, after) => get(root + 'conversation', { after: `${after}` }, token),
    act: (what, body, token) => ask(root + 'conversation/' + what, body, token),
    tell: (what, body, token) => ask(store + what, body, token),
    async stream(token, lastId, stop, take, opened) {
      const inner = new AbortController()
      const end = (): void => inner.abort()
      let watch = setTimeout(end, SILENCE_MS)
      stop.addEventListener('abort', end)
      try {
        const response = await fetch(root + 'stream', {
          headers: { Authorization: 'Bearer ' + token, 'Last-Event-ID': lastId },
          cache: 'no-store',
          credentials: 'omit',
          signal: inner.signal,
        })
        if (!response.ok) await answerOf(response)
        const reader = response.body!.getReader()
        const text = new TextDecoder()
        const parser = createParser()
        opened()
        for (;;) {
          const { done, value } = await reader.read()
          if (done) return
          clearTimeout(watch)
          watch = setTimeout(end, SILENCE_MS)
          parser(text.decode(value, { stream: true })).forEach(take)
        }
      } catch (error) {
        gone(error)
      } finally {
        clearTimeout(watch)
        stop.removeEventListener('abort', end)
      }
    },
  }
}
