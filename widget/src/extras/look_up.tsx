import { Fragment, h, type VNode } from 'preact'
import type { ApiError } from '../api.ts'
import type { CheckedAnswer, CodeAnswer } from '../api_types.ts'
import { mintId } from '../memory.ts'
import { clock, writing } from './hours.ts'
import { kit } from './lent.ts'
import { count, say } from './own_words.ts'
import { markProven } from './order.tsx'
import { learn } from './telling.ts'

/** Before another code may be asked for: a mail takes its time. */
const AGAIN_MS = 45_000

let number = ''
let email = ''
let code = ''
let busy = false
let trouble = ''
/** The code that is under way: whose only this browser has, until when it is good, when another may be asked for. */
let handle = ''
let until = 0
let againAt = 0
let timer: ReturnType<typeof setInterval> | undefined

export const forgetLookUp = (): void => {
  clearInterval(timer)
  number = email = code = trouble = handle = ''
  busy = false
}

/** The form survives a reload: on a phone the mail is read elsewhere, and the page may be gone when one comes back. */
const keep = (): void => kit.now().memory.write({ code: handle && [handle, until, againAt].join(' ') })
export const remember = (): void => {
  const [kept, ...times] = (kit.now().memory.read().code || '').split(' ')
  if (!kept || !(Number(times[0]) > Date.now())) return
  handle = kept
  until = Number(times[0])
  againAt = Number(times[1])
  tick()
}
/** Draws the countdown; only while there is one. */
const tick = (): void => {
  clearInterval(timer)
  timer = setInterval(() => {
    kit.draw()
    if (Date.now() > Math.max(until, againAt)) clearInterval(timer)
  }, 1000)
}

/** One wish at a time; what went wrong is told in the server's words, else in ours. */
const during = async (act: () => Promise<void>): Promise<void> => {
  if (busy) return
  busy = true
  trouble = ''
  kit.draw()
  try {
    await act()
  } catch (e) {
    const { message, left } = e as ApiError
    trouble = message || say('notSent')
    if (left === 0) startOver()
  }
  busy = false
  kit.draw()
}
const startOver = (): void => {
  clearInterval(timer)
  handle = code = ''
  keep()
}

const askForCode = (): void => {
  if (!number.trim() || !/^\S+@\S+\.\S+$/.test(email.trim())) {
    trouble = say('lookUpWrong')
    kit.draw()
    kit.focus(number.trim() ? '#mail' : '#number')
    return
  }
  void during(async () => {
    const { api, config } = kit.now()
    const wish = { number: number.trim(), email: email.trim(), handle: handle || null, locale: config.locale }
    const answer: CodeAnswer = await api.tell('order/code', wish)
    handle = answer.handle
    code = ''
    until = Date.now() + answer.expires_in * 1000
    againAt = Date.now() + AGAIN_MS
    keep()
    tick()
    kit.draw()
    queueMicrotask(() => kit.focus('#code'))
  })
}

const check = (): void => {
  if (code.length < 6) {
    trouble = say('codeShort')
    kit.draw()
    kit.focus('#code')
    return
  }
  void during(async () => {
    const { api, config, memory, chat } = kit.now()
    const wish = { handle, code, locale: config.locale, client_id: mintId() }
    try {
      const { token } = memory.read()
      const answer: CheckedAnswer = await api.tell('order/code/check', wish, token).catch(async (e: ApiError) => {
        // the code may be dead because it was right, and that answer was lost: then this talk may see the order
        if (e.left === 0 && token) return chat.act('order', { locale: config.locale }).catch(() => Promise.reject(e))
        throw e
      })
      startOver()
      number = email = ''
      memory.write({ order: '1' })
      if (answer.messages) chat.accept(answer)
      learn(answer)
      markProven(chat.messages.at(-1)?.position ?? -1)
      // to the talk where there is one, else to the order itself
      if (chat.messages.length) kit.go('chat', '.proven')
      else kit.go('order', '[data-focus]')
    } catch (e) {
      code = ''
      queueMicrotask(() => kit.focus('#code'))
      throw e
    }
  })
}

const Failed = (): VNode | null => (trouble ? <p class="bad" role="alert">{trouble}</p> : null)

const Who = (): VNode => (
  <form class="look-up" noValidate onSubmit={e => (e.preventDefault(), askForCode())}>
    <h3 tabIndex={-1} data-focus>{say('where')}</h3>
    <p class="quiet">{say('lookUpTip')}</p>
    <label for="number">{say('orderNumber')}</label>
    <input
      id="number" type="text" autocomplete="off" autocapitalize="characters" spellcheck={false} maxLength={60} value={number} required
      onInput={e => {
        number = e.currentTarget.value
      }}
    />
    <label for="mail">{say('orderEmail')}</label>
    <input
      id="mail" type="email" inputMode="email" autocomplete="email" maxLength={254} value={email} required
      onInput={e => {
        email = e.currentTarget.value
      }}
    />
    <Failed />
    <button class="main" aria-disabled={busy}>{say(busy ? 'sending' : 'sendCode')}</button>
  </form>
)

const Code = (): VNode => {
  const now = Date.now()
  const minutes = Math.ceil((until - now) / 60_000)
  const seconds = Math.ceil((againAt - now) / 1000)
  const time = clock(new Date(until), writing(kit.now().config.locale, navigator.language))
  return (
    <form class="look-up" noValidate onSubmit={e => (e.preventDefault(), check())}>
      <h3 tabIndex={-1} data-focus>{say('codeTitle')}</h3>
      <p id="codetip">{say('codeTip')}</p>
      <label for="code">{say('code')}</label>
      <input
        id="code" class="digits" type="text" inputMode="numeric" autocomplete="one-time-code" value={code} required aria-describedby="codetip codetime"
        onInput={e => {
          // pasted as the mail has it: «123 456»
          code = e.currentTarget.value = e.currentTarget.value.replace(/\D/g, '').slice(0, 6)
        }}
      />
      <p class="quiet" id="codetime">{minutes > 0 ? say('codeUntil', { time, left: count('minutes', minutes) }) : say('codeOver')}</p>
      <Failed />
      <button class="main" aria-disabled={busy}>{say(busy ? 'sending' : 'see')}</button>
      <div class="pair">
        {/* after a reload nobody knows the address any more: it is kept nowhere */}
        {email && (
          <button type="button" class="link" aria-disabled={seconds > 0 || busy} onClick={() => seconds > 0 || askForCode()}>
            {say('codeAgain')}
            {seconds > 0 && <span aria-hidden="true"> ({seconds} s)</span>}
          </button>
        )}
        <button
          type="button" class="link" onClick={() => {
            startOver()
            trouble = ''
            kit.draw()
            queueMicrotask(() => kit.focus('#number'))
          }}
        >{say('codeOther')}</button>
      </div>
    </form>
  )
}

export const LookUp = (): VNode => <Fragment>{handle ? <Code key="code" /> : <Who key="who" />}</Fragment>
