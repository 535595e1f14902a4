import type { Api, ApiError } from './api.ts'
import type { Conversation, Message, NewMessage, PostedAnswer } from './api_types.ts'
import { mintId, type Memory } from './memory.ts'
import type { StreamEvent } from './stream.ts'

/** A message of the shopper that the server has not confirmed yet. */
export interface Unsent {
  client_id: string
  text: string
  state: 'sending' | 'failed'
  /** 0 = no answer came (it is sent again when the line is back); -1 = left from an earlier page; else the HTTP status. */
  status: number
  /** The server's own sentence, when it gave one. */
  reason: string
}

export interface Chat {
  readonly messages: Message[]
  readonly unsent: Unsent[]
  readonly conversation: Conversation | null
  /** The line has been broken for more than three seconds. */
  readonly lost: boolean
  /** The history was asked for and has not come yet. */
  readonly loading: boolean
  /** Who is writing to us at this moment, or ''. */
  readonly typist: string
  /** The same, until a message of theirs came: for who hears it. */
  readonly announced: string
  /** Up to which position a person has read: they wrote, or began to, after it. */
  readonly read: number
  /** True: the panel is in view, fetch what happened meanwhile and listen. False: hang up. */
  watch(seen: boolean): void
  /** The browser says that it is online again. */
  backOnline(): void
  send(text: string): Promise<void>
  retry(unsent: Unsent): void
  discard(unsent: Unsent): void
  /** Does something with this conversation, and takes in what the server says of it. Rejects with an ApiError. */
  act(what: string, body?: object): Promise<any>
  /** An answer of another kind that speaks of the conversation, or begins one. */
  accept(answer: PostedAnswer): void
  /** "A person, please." Without a conversation the wish itself is the first message. False when nobody was told. */
  askPerson(firstWords: string): Promise<boolean>
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
const LOST_AFTER_MS = 3000
/** A person who goes on writing says so every two or three seconds. */
const TYPING_MS = 5000
const QUIET_MS = 300

/**
 * One conversation: what is known of it, what still has to be sent, and the line to the server while somebody
 * looks. Every id is minted here, so sending again never doubles; every arrival is merged by its position.
 */
export const createChat = (
  api: () => Api, memory: Memory, circumstances: () => Omit<NewMessage, 'client_id' | 'text'>, changed: (_?: unknown) => void,
): Chat => {
  let conversation: Conversation | null = null
  let messages: Message[] = []
  let unsent: Unsent[] = (memory.read().unsent || []).map(u => ({ ...u, state: 'failed', status: -1, reason: '' }))
  let lost = false
  let loading = false
  let seen = false
  let sending = false
  /** Up to where the ordered sources (refresh, stream) were read; the answers to posts may run ahead of it. */
  let cursor = 0
  /** How often the stream told a new state: an answer that was asked for before is older than it. */
  let heard = 0
  let line: AbortController | undefined
  let wake = (): void => {}
  let lostTimer: ReturnType<typeof setTimeout> | undefined
  let typist = ''
  let announced = ''
  let read = 0
  let typingTimer: ReturnType<typeof setTimeout> | undefined

  const setTypist = (name: string): void => {
    typist = name
    clearTimeout(typingTimer)
    if (name) typingTimer = setTimeout(() => (setTypist(''), changed()), TYPING_MS)
  }
  const merge = (arrived: Message[], now?: Conversation, asked = heard): void => {
    for (const m of arrived) {
      const at = messages.findIndex(k => k.position >= m.position)
      if (at < 0) messages.push(m)
      else messages.splice(at, messages[at]!.position === m.position ? 1 : 0, m)
      if (m.client_id) unsent = unsent.filter(u => u.client_id !== m.client_id)
      if (m.author === 'agent') {
        setTypist((announced = ''))
        read = Math.max(read, m.position)
      }
    }
    if (now && asked === heard) conversation = now
    changed()
  }
  const advance = (arrived: Message[], now?: Conversation): void => {
    merge(arrived, now)
    cursor = Math.max(cursor, ...arrived.map(m => m.position))
  }
  const take = ({ event, data }: StreamEvent): void => {
    try {
      if (event === 'message') advance([JSON.parse(data)])
      else if (event === 'conversation') {
        heard++
        merge([], JSON.parse(data))
      } else if (event === 'typing') {
        setTypist((announced = JSON.parse(data).name))
        read = messages.at(-1)?.position ?? 0
        changed()
      }
    } catch {} // an event of a later version: not ours to read
  }
  const forget = (): void => {
    memory.write({ token: '', seen: '', order: '' })
    messages = []
    conversation = null
    cursor = read = 0
  }
  const keepUnsent = (): void => {
    memory.write({ unsent: unsent.map(({ client_id, text }) => ({ client_id, text })) })
    changed()
  }
  const markLost = (broken: boolean): void => {
    if (broken) {
      lostTimer ??= setTimeout(() => {
        lost = true
        changed()
      }, LOST_AFTER_MS)
      return
    }
    clearTimeout(lostTimer)
    lostTimer = undefined
    lost = false
    changed()
  }

  const accept = (answer: PostedAnswer, asked = heard): void => {
    if (answer.token) memory.write({ token: answer.token })
    merge(answer.messages, answer.conversation, asked)
    connect()
  }
  const act = async (what: string, body: object = {}): Promise<any> => {
    const asked = heard
    const answer = await api().act(what, body, memory.read().token)
    if (answer.conversation) merge(answer.messages, answer.conversation, asked)
    return answer
  }

  /** One at a time and in order: the first answer brings the token that the second message needs. */
  const flush = async (): Promise<void> => {
    keepUnsent()
    if (sending) return
    sending = true
    for (let next: Unsent | undefined; (next = unsent.find(u => u.state === 'sending')); ) {
      const { token } = memory.read()
      const { client_id, text } = next
      const asked = heard
      try {
        const answer = await api().postMessage({ client_id, text, ...circumstances() }, token)
        unsent = unsent.filter(u => u !== next)
        accept(answer, asked)
      } catch (e) {
        const { status, message } = e as ApiError
        if (status === 401 && token) {
          forget()
          continue
        }
        Object.assign(next, { state: 'failed', status, reason: message })
      }
    }
    sending = false
    keepUnsent()
  }
  const send = (text: string): Promise<void> => {
    unsent.push({ client_id: mintId(), text, state: 'sending', status: 0, reason: '' })
    return flush()
  }
  const resend = (): void => {
    for (const u of unsent) if (!u.status) u.state = 'sending'
    void flush()
  }

  const listen = async (stop: AbortSignal): Promise<void> => {
    let pause = FIRST_PAUSE_MS
    for (let token: string | undefined; !stop.aborted && (token = memory.read().token); ) {
      try {
        const answer = await api().conversation(token, cursor)
        advance(answer.messages, answer.conversation)
        // once it stands there: what was said before is not announced
        setTimeout(() => changed(loading = false), QUIET_MS)
        await api().stream(token, `${answer.conversation.id}:${cursor}`, stop, take, () => {
          pause = FIRST_PAUSE_MS
          markLost(false)
          resend()
        })
      } catch (e) {
        const { status } = e as ApiError
        if (stop.aborted) return
        if (status === 401) forget()
        if (status === 401 || status === 404) break
      }
      if (stop.aborted) return
      markLost(true)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      await new Promise<void>(done => {
        wake = done
        // spread out, so that a server that comes back is not met by everybody at once
        setTimeout(done, pause * (0.6 + Math.random() * 0.4))
      })
    }
    if (!stop.aborted) hangUp()
  }
  const connect = (): void => {
    if (line || !seen || !memory.read().token) return
    line = new AbortController()
    loading = !messages.length
    void listen(line.signal)
  }
  const hangUp = (): void => {
    line?.abort()
    line = undefined
    loading = false
    setTypist('')
    wake()
    markLost(false)
  }

  return {
    get messages() { return messages },
    get unsent() { return unsent },
    get conversation() { return conversation },
    get lost() { return lost },
    get loading() { return loading },
    get typist() { return typist },
    get announced() { return announced },
    get read() { return read },
    act,
    accept,
    watch(now) {
      seen = now
      if (seen) connect()
      else hangUp()
    },
    backOnline() {
      wake()
      resend()
    },
    send,
    retry(u) {
      u.state = 'sending'
      void flush()
    },
    discard(u) {
      unsent = unsent.filter(k => k !== u)
      keepUnsent()
    },
    async askPerson(firstWords) {
      try {
        if (!memory.read().token) await send(firstWords)
        if (!memory.read().token) return false
        if (!conversation || conversation.status === 'bot') await act('hand-over', { client_id: mintId() })
        return true
      } catch {
        return false
      }
    },
  }
}
