import { Fragment, h, type VNode } from 'preact'
import type { Message } from '../api_types.ts'
import type { Unsent } from '../chat.ts'
import * as p from '../counter.ts'
import { say } from '../words.ts'
import { Bones, Elsewhere, Icon, Out, Plain, Rich } from './parts.tsx'
import { safeUrl } from './safe.ts'

/** By hand: the first Intl formatter of a page costs more than drawing the whole panel. */
const clock = (iso: string): string => {
  const at = new Date(iso)
  const two = (n: number): string => `${n}`.padStart(2, '0')
  const day = at.toDateString() === new Date().toDateString() ? '' : `${two(at.getDate())}/${two(at.getMonth() + 1)} `
  return isNaN(+at) ? '' : `${day}${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Plain functions, not components: the item keeps its element (and is announced once) when it turns from unsent to sent. */
const sent = (m: Message, first: boolean, last: boolean): VNode => {
  const own = m.author === 'shopper'
  const name = own ? say('you') : m.author === 'bot' ? say('bot') : m.name || say('team')
  const { source } = m
  return (
    <li key={m.client_id || m.position} class={m.author + (first ? ' first' : '')}>
      {m.author !== 'system' && <span class={own || !first ? 'v' : 'who'}>{name}{own || !first ? ': ' : ''}</span>}
      <div class="say" dir="auto">
        {own ? m.text : m.body ? <div class="rich"><Rich nodes={m.body} /></div> : <Plain text={m.text} />}
        {source && (
          <button class="source" onClick={() => p.openArticle(source.article_id)}>
            {say('source')} <u>{source.title}</u>
          </button>
        )}
      </div>
      {m.author !== 'system' && last && (
        <span class="when" aria-live="off">
          {own && say(m.position <= p.chat.read ? 'read' : 'sent') + ' · '}
          <time dateTime={m.created_at}>{clock(m.created_at)}</time>
        </span>
      )}
      {m.author === 'bot' && p.more('under', m)}
    </li>
  )
}

const waiting = (u: Unsent): VNode => {
  return (
    <li key={u.client_id} class={'shopper first ' + u.state}>
      <span class="v">{say('you')}: </span>
      <div class="say" dir="auto">{u.text}</div>
      {u.state === 'sending' ? (
        <span class="when">{say('sending')}</span>
      ) : (
        <div class="when bad">
          <span>{u.status ? u.reason || say('failed') : say('offline')}</span>
          <button class="link" onClick={() => p.chat.retry(u)}>{say('retry')}</button>
          <button class="link" onClick={() => p.takeBack(u)}>{say('discard')}</button>
        </div>
      )}
    </li>
  )
}

const Situation = (): VNode | null => {
  const { conversation, lost } = p.chat
  if (lost) return <p class="line bad" role="status">{say('lost')}</p>
  if (!conversation) return null
  const { status, agent } = conversation
  return (
    <div class="line">
      <p role="status">
        {p.personFailed ? say('personFailed') : status === 'bot' ? say('withBot') : status === 'resolved' ? say('resolved')
          : agent ? say('withAgent', { name: agent.name }) : say(p.boot?.available ? 'waiting' : conversation.email ? 'waitingMail' : 'waitingAway')}
        {status === 'open' && !agent && p.more('wait')}
      </p>
      {status === 'bot' && <button class="link" onClick={p.askPerson}>{say('person')}</button>}
    </div>
  )
}

const Composer = (): VNode => {
  const privacy = safeUrl(p.boot?.privacy_url)
  return (
    <form class="composer" onSubmit={e => (e.preventDefault(), p.send())}>
      <div>
        <textarea
          rows={1} maxLength={4000} enterkeyhint="send" aria-label={say('write')} placeholder={say('write')} value={p.draft}
          onInput={e => p.write(e.currentTarget.value)}
          onKeyDown={e => {
            // 229: an input method is still composing; Enter then chooses a word
            if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) (e.preventDefault(), p.send())
          }}
        />
        <button class="main round" aria-label={say('send')} aria-disabled={!p.draft.trim()}><Icon name="send" /></button>
      </div>
      {privacy && <p class="foot"><Out href={privacy}>{say('privacy')}</Out></p>}
    </form>
  )
}

export const Talk = (): VNode => {
  const { messages, unsent, loading, conversation, typist } = p.chat
  const bot = conversation?.status !== 'open' && unsent.some(u => u.state === 'sending')
  const empty = !messages.length && !unsent.length
  const who = typist && say('typing', { name: typist })
  const { contact } = p.parts
  const form = (contact || conversation?.form || (empty && !loading && p.boot?.route === 'form')) && (p.contact('form') || (!contact && (!p.failed.contact ? <Bones /> : p.boot?.contact && <Elsewhere />)))
  return (
    <Fragment>
      <Situation />
      <div class="log" role="group" aria-label={say('chat')} tabIndex={0} onScroll={e => p.scrolled(e.currentTarget)}>
        {empty && !loading && p.more(form ? 'pace' : 'welcome')}
        <div role="log" aria-label={say('log')} aria-live={loading ? 'off' : 'polite'}>
          <ol>
            {[
              ...messages.map((m, i) => sent(m, messages[i - 1]?.author !== m.author, messages[i + 1]?.author !== m.author)),
              ...unsent.map(u => waiting(u)),
            ]}
          </ol>
        </div>
        {(bot || who) && <p class="typing" aria-hidden="true">{who && <span class="quiet">{who} </span>}<i /><i /><i /></p>}
        {!empty && p.more('below')}
        {form}
      </div>
      {/* heard once for each answer, however often the writing stops and goes on */}
      <p class="v" role="status">{p.chat.announced && say('typing', { name: p.chat.announced })}</p>
      {p.unseen && <button class="newer" onClick={p.toEnd}>{say('newer')}</button>}
      {!contact?.isWriting() && <Composer />}
    </Fragment>
  )
}
