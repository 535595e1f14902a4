import { h, type VNode } from 'preact'
import type { ApiError } from '../api.ts'
import { Icon, kit } from './lent.ts'
import { say } from './own_words.ts'

let email = ''
/** The address that was left, and after which message: who says more has seen it. */
let left = ''
let leftAt = 0
let busy = false
let trouble = ''
export const forgetAddress = (): void => {
  email = left = trouble = ''
  busy = false
}

const last = (): number => kit.now().chat.messages.at(-1)?.position ?? 0

const send = async (): Promise<void> => {
  const typed = email.trim()
  if (busy) return
  trouble = /^\S+@\S+\.\S+$/.test(typed) ? '' : say('emailWrong')
  if (trouble) {
    kit.draw()
    kit.focus('#address')
    return
  }
  const { chat, boot } = kit.now()
  busy = true
  kit.draw()
  try {
    // agreed to by pressing a button that says so, under this very sentence
    await chat.act('email', { email: typed, consent: boot!.email_consent })
    left = typed
    leftAt = last()
  } catch (e) {
    trouble = (e as ApiError).message || say('notSent')
  }
  busy = false
  kit.draw()
  queueMicrotask(() => kit.focus(trouble ? '#address' : '.left'))
}
const decline = (): void => {
  const { memory, chat } = kit.now()
  memory.write({ noEmail: chat.conversation!.id })
  kit.draw()
  kit.focus('.composer textarea')
}

/** Asked once, after help was given or while nobody is there; never a condition for anything. */
export const Address = (): VNode | null => {
  const { boot, chat, memory } = kit.now()
  const { conversation } = chat
  if (left && leftAt === last() && conversation?.email) return <div class="card-form"><p class="left" tabIndex={-1}>{say('emailLeft', { email: left })}</p></div>
  if (!conversation?.ask_email || conversation.form || !boot?.email_consent || memory.read().noEmail === conversation.id) return null
  return (
    <form class="card-form" noValidate onSubmit={e => (e.preventDefault(), void send())}>
      {/* folded while the bot answers: it asks for nothing that hides its answer */}
      <details class="fold" open={conversation.status !== 'bot'}>
        <summary><strong>{say('emailTitle')}</strong><Icon name="more" /></summary>
        <label for="address">{say('emailLabel')}</label>
        <input
          id="address" type="email" inputMode="email" autocomplete="email" maxLength={254} value={email} placeholder={say('emailHint')}
          aria-invalid={!!trouble} aria-describedby="consent"
          onInput={e => {
            email = e.currentTarget.value
          }}
        />
        {trouble && <p class="bad" role="alert">{trouble}</p>}
        <p class="quiet" id="consent">{boot.email_consent}</p>
        <div class="pair">
          <button class="main" aria-disabled={busy}>{say('emailAgree')}</button>
          <button type="button" class="link" onClick={decline}>{say('emailNo')}</button>
        </div>
      </details>
    </form>
  )
}
