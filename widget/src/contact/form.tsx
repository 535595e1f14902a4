import { Fragment, h, type VNode } from 'preact'
import type { ApiError } from '../api.ts'
import type { FormAnswer } from '../api_types.ts'
import { kit, Out } from '../extras/lent.ts'
import { mintId } from '../memory.ts'
import { safeUrl } from '../views/safe.ts'
import { say } from './own_words.ts'

/** What the shopper chose: to write, to be asked whether to, or not to write now. '': as the server wishes. */
let chosen: '' | 'write' | 'ask' | 'no' = ''
/** Null: the field was not touched, and shows what it is likely to be about. */
let text: string | null = null
let email = ''
let name = ''
let number = ''
let busy = false
let trouble = ''
/** Which fields were found wanting at the last try. */
let wrong: { text?: string; email?: string } = {}
/** What became of it, until more is said in the talk. */
let sent: FormAnswer | undefined
let sentAt: number | undefined
let shown = false

export const forgetForm = (): void => {
  chosen = email = name = number = trouble = ''
  text = null
  busy = shown = false
  wrong = {}
  sent = undefined
}

/** The newest message of a person on either side. */
const last = (): number | undefined => kit.now().chat.messages.filter(m => /^(shopper|agent)$/.test(m.author)).at(-1)?.position

const wanted = (): boolean => {
  const { chat, boot } = kit.now()
  return !!chat.conversation?.form || (boot?.route === 'form' && !chat.loading && !chat.messages.length && !chat.unsent.length)
}
export const isWriting = (): boolean => chosen === 'write' || (!chosen && wanted())

/** What was begun, else the question nobody has answered: of the newest three the longest, a wish for a person is short. */
const words = (): string => {
  const { chat, memory } = kit.now()
  const asked = chat.messages.filter(m => m.author === 'shopper').slice(-3).map(m => m.text)
  return text ?? (memory.read().draft || (sent ? '' : asked.sort((a, b) => b.length - a.length)[0]) || '')
}

/** The form's beginning to the top of what is seen of the talk, or so much lower (a share) that what was said last stays. */
const reveal = (focus: string, lower = 0): void => {
  const log = kit.shadow.querySelector('.log')
  const box = log?.querySelector('.write')
  if (box) log!.scrollTop += box.getBoundingClientRect().top - log!.getBoundingClientRect().top - 12 - lower * log!.clientHeight
  if (focus) kit.focus(focus)
}
const choose = (next: typeof chosen, focus: string): void => {
  chosen = next
  kit.draw()
  queueMicrotask(() => reveal(focus))
}

export const openForm = (): void => {
  chosen = 'write'
  text ??= kit.now().memory.read().draft || ''
  kit.go('chat')
  reveal('.write textarea')
}

/** Asked anew whether really nobody is there: the panel may stand open for long. */
export const wish = async (): Promise<boolean> => {
  const { api, boot, config, chat } = kit.now()
  if (chat.conversation?.email || (await api.boot(config.locale, config.steps).catch(() => boot))?.available !== false) return false
  if (!isWriting()) choose('ask', '.write .main')
  return true
}

/** A number for what would be sent: the same form keeps its id, also over a reload, so that it arrives once. */
const sum = (what: string): string => `${[...what].reduce((n, c) => (n * 31 + c.codePointAt(0)!) | 0, 7)} `

const send = async (): Promise<void> => {
  const body = { text: words().trim(), email: email.trim() }
  if (busy) return
  trouble = ''
  wrong = {
    ...(!body.text && { text: say('textMissing') }),
    ...(!/^\S+@\S+\.\S+$/.test(body.email) && { email: say('emailWrong') }),
  }
  const [first] = Object.keys(wrong)
  if (first) {
    kit.draw()
    return queueMicrotask(() => kit.focus('#form-' + first))
  }
  const { api, boot, chat, memory } = kit.now()
  const { proof, ...where } = kit.circumstances()
  const form = { ...body, name: name.trim() || null, order_number: number.trim() || null, consent: boot?.email_consent }
  const mark = sum(JSON.stringify(form))
  const kept = memory.read().form || ''
  const client_id = kept.startsWith(mark) ? kept.slice(mark.length) : mintId()
  memory.write({ form: mark + client_id })
  busy = true
  kit.draw()
  try {
    const answer: FormAnswer = await api.tell('form', { ...form, ...where, proof, client_id, website: '' }, memory.read().token)
    chosen = name = number = ''
    text = null
    busy = false
    sent = answer
    memory.write({ form: '' })
    kit.write('')
    chat.accept(answer)
    sentAt = last()
    kit.go('chat', '.sent')
  } catch (e) {
    busy = false
    trouble = (e as ApiError).message || say('notSent')
    kit.draw()
  }
}

const Field = (field: {
  id: string; label: string; value: string; type?: string; most: number; fill: string; take: (value: string) => void; fault?: string | undefined
}): VNode => {
  const { id, label, value, take, fault } = field
  const about = {
    id: 'form-' + id, value, maxLength: field.most, autocomplete: field.fill, required: id === 'text' || id === 'email', 'aria-invalid': !!fault,
    ...(fault && { 'aria-describedby': 'wrong-' + id }),
    onInput(e: { currentTarget: { value: string } }) {
      chosen = 'write' // whatever happens meanwhile: what is being written in does not go away
      take(e.currentTarget.value)
    },
  }
  return (
    <Fragment>
      <label for={about.id}>{label}</label>
      {id === 'text' ? <textarea rows={3} {...about} /> : <input type={field.type || 'text'} {...about} />}
      {fault && <p class="bad" role="alert" id={'wrong-' + id}>{fault}</p>}
    </Fragment>
  )
}

const Form = (): VNode => {
  const { boot } = kit.now()
  const privacy = safeUrl(boot?.privacy_url)
  return (
    <form class="write" noValidate aria-label={say('writeUs')} onSubmit={e => (e.preventDefault(), void send())}>
      <h3 tabIndex={-1}>{say('writeUs')}</h3>
      <p class="quiet">{!boot?.available && say('nobody') + ' '}{say('tip')} {boot?.people}</p>
      <Field
        id="text" label={say('text')} value={words()} most={4000} fill="off" fault={wrong.text}
        take={value => kit.write((text = value))}
      />
      <Field id="email" label={say('email')} value={email} type="email" most={254} fill="email" fault={wrong.email} take={value => (email = value)} />
      <Field id="name" label={say('name')} value={name} most={80} fill="name" take={value => (name = value)} />
      <Field id="number" label={say('number')} value={number} most={60} fill="off" take={value => (number = value)} />
      <p class="quiet" id="form-consent">{boot?.email_consent}</p>
      {trouble && <p class="bad" role="alert">{trouble}</p>}
      <button class="main" aria-disabled={busy} aria-describedby="form-consent">{say(busy ? 'sending' : 'send')}</button>
      <p class="foot">
        <button type="button" class="link" onClick={() => choose('no', '.composer textarea')}>{say('toChat')}</button>
        {privacy && <Out href={privacy}>{say('privacy')}</Out>}
      </p>
    </form>
  )
}

const Offer = (): VNode => (
  <section class="write" aria-label={say('writeUs')}>
    <p>{say('nobody')} {say('tip')}</p>
    <p class="foot">
      <button class="main" onClick={() => choose('write', '.write textarea')}>{say('writeUs')}</button>
      {chosen === 'ask' && <button class="link" onClick={() => choose('no', '.composer textarea')}>{say('goOn')}</button>}
    </p>
  </section>
)

const Sent = ({ answer }: { answer: FormAnswer }): VNode => (
  <p class="write sent" tabIndex={-1}>
    <strong>{say('sent')}</strong>
    {say('reference')} <b>{answer.reference}</b>
    {/* when a person answers is said in the talk, as a rule */}
    {!answer.messages.some(m => m.author === 'system') && <span class="quiet">{answer.words}</span>}
  </p>
)

export const drawForm = (): VNode | null => {
  const was = shown
  shown = isWriting()
  if (shown && !was) {
    // who was about to write goes on in the form; from the shop's own fields the focus is never taken
    const { shadow } = kit
    const at = shadow.activeElement
    const log = shadow.querySelector('.log')
    const atEnd = !!log && log.scrollHeight - log.scrollTop - log.clientHeight < 40
    const typing = at?.matches('.composer textarea')
    const mid = typing && !!(at as HTMLTextAreaElement).value
    const lost = !at && document.activeElement === document.body
    queueMicrotask(() => {
      if (mid) reveal('.write textarea')
      else if (typing || (lost && !shadow.activeElement)) reveal('.write h3', 0.3)
      else if (atEnd && !chosen) reveal('', 0.3)
    })
  }
  if (shown) return <Form />
  if (chosen === 'ask' || kit.now().chat.conversation?.form) return <Offer />
  return sent && sentAt === last() ? <Sent answer={sent} /> : null
}
