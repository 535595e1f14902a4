import { Fragment, h, type VNode } from 'preact'
import type { ApiError } from '../api.ts'
import { kit } from './lent.ts'
import { say } from './own_words.ts'

let email = ''
let left = ''
let busy = false
let trouble = ''
export const forgetAddress = (): void => {
  email = left = trouble = ''
  busy = false
}

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
    queueMicrotask(() => kit.focus('.left'))
  } catch (e) {
    trouble = (e as ApiError).message || say('notSent')
  }
  busy = false
  kit.draw()
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
  if (left && conversation?.email) return <div class="card-form"><p class="left" tabIndex={-1}>{say('emailLeft', { email: left })}</p></div>
  if (!conversation?.ask_email || !boot?.email_consent || memory.read().noEmail === conversation.id) return null
  return (
    <form class="card-form" noValidate onSubmit={e => (e.preventDefault(), void send())}>
      <label for="address"><strong>{say('emailTitle')}</strong></label>
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
        <Fragment>
          <button class="main" aria-disabled={busy}>{say('emailAgree')}</button>
          <button type="button" class="link" onClick={decline}>{say('emailNo')}</button>
        </Fragment>
      </div>
    </form>
  )
}
