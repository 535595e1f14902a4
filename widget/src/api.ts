/** The only file that speaks HTTP. Every address is under one origin; nothing secret goes into an address. */
import type {
  Article, Boot, ConversationAnswer, NewMessage, OrderAnswer, PostedAnswer, SearchAnswer,
} from './api_types.ts'
import { createParser, type StreamEvent } from './stream.ts'

/** `status` is 0 when no answer came at all; `message` is the server's own sentence, or empty. */
export class ApiError extends Error {
  constructor(readonly status: number, message = '') {
    super(message)
  }
}

const PATIENCE_MS = 20_000
/** The server beats every 15 s: three missed beats mean that the line is dead. */
const SILENCE_MS = 46_000

const answerOf = async (response: Response): Promise<any> => {
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new ApiError(response.status, typeof body.message === 'string' ? body.message : '')
  return body
}
const gone = (error: unknown): never => {
  throw error instanceof ApiError ? error : new ApiError(0)
}

/** A file of JSON: our words. Or, of the page's own server alone (`OWN`), what it knows: another origin is never asked. */
export const fetchJson = (url: string, init?: RequestInit): Promise<any> => fetch(url, init).then(answerOf).catch(gone)
export const OWN: RequestInit = { mode: 'same-origin' }

export interface Api {
  boot(locale: string, steps: string): Promise<Boot>
  article(id: string, locale: string): Promise<Article>
  search(q: string, locale: string): Promise<SearchAnswer>
  order(proof: string): Promise<OrderAnswer>
  postMessage(message: NewMessage, token: string | undefined): Promise<PostedAnswer>
  conversation(token: string, after: number): Promise<ConversationAnswer>
  handOver(client_id: string, token: string): Promise<ConversationAnswer>
  /** Reads events until the server closes (resolves), or the line breaks, stays silent or `stop` aborts (rejects). */
  stream(token: string, lastId: string, stop: AbortSignal, take: (event: StreamEvent) => void, opened: () => void): Promise<void>
}

/** Every call rejects with an ApiError. `origin` has no slash at its end. */
export const createApi = (origin: string, storeId: string): Api => {
  const root = origin + '/api/widget/v1/'
  const store = `${root}stores/${encodeURIComponent(storeId)}/`

  const post = (url: string, body?: object, token?: string): Promise<any> =>
    fetch(url, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: 'Bearer ' + token }) },
      credentials: 'omit', signal: AbortSignal.timeout?.(PATIENCE_MS) ?? null,
    }).then(answerOf).catch(gone)
  const get = (url: string, query: Record<string, string>, token?: string): Promise<any> =>
    post(`${url}?${new URLSearchParams(query)}`, undefined, token)

  return {
    boot: (locale, steps) => get(store + 'boot', { locale, steps }),
    article: (id, locale) => get(`${store}articles/${encodeURIComponent(id)}`, { locale }),
    search: (q, locale) => get(store + 'search', { q, locale }),
    order: proof => post(store + 'order', { proof }),
    postMessage: (message, token) => post(store + 'messages', message, token),
    conversation: (token, after) => get(root + 'conversation', { after: `${after}` }, token),
    handOver: (client_id, token) => post(root + 'conversation/hand-over', { client_id }, token),
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
