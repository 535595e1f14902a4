import { h, type VNode } from 'preact'
import type { Message } from '../api_types.ts'
import { kit } from './lent.ts'
import { say } from './own_words.ts'
import { count } from './telling.ts'

/** What was said here since the page came, by position of the message or by article. */
let said: Record<string, boolean | undefined> = {}
/** Position of the newest offer of a person that was taken up here, and whether that is still under way. */
let taken = 0
let taking = false
/** What was pressed last is told last: one after the other. */
let telling: Promise<unknown> = Promise.resolve()
export const forgetSaid = (): void => {
  said = {}
  taken = 0
  taking = false
}

/** Two buttons that stay, so that the focus does, and so that somebody may think again. */
const Question = ({ about, was, tell }: { about: string | number; was?: boolean | undefined; tell: (helped: boolean) => Promise<unknown> | void }): VNode => {
  const now = said[about] ?? was
  const press = (helped: boolean): void => {
    if (said[about] === helped) return
    said[about] = helped
    kit.draw()
    telling = telling.then(() => tell(helped)).catch(() => {
      if (said[about] === helped) said[about] = was
      kit.draw()
    })
  }
  return (
    <div class="helped" role="group" aria-label={say('helped')} aria-live="off">
      <span class="quiet" aria-hidden="true">{now === undefined ? say('helped') : say('thanks')}</span>
      {[true, false].map(helped => (
        <button class="link" aria-pressed={now === helped} onClick={() => press(helped)}>{say(helped ? 'yes' : 'no')}</button>
      ))}
    </div>
  )
}

/** Says "yes" to the bot's offer of a person, as long as that is its last word and nobody took it up. */
const Offer = ({ at }: { at: number }): VNode | null => {
  const { chat } = kit.now()
  const stands = chat.conversation?.status === 'bot' && at === chat.messages.at(-1)?.position && !chat.unsent.length
  if (!stands || (at === taken && !taking)) return null
  const accept = async (): Promise<void> => {
    if (taking) return
    taken = at
    taking = true
    kit.draw()
    await kit.askPerson() // which puts the focus elsewhere before the button goes
    taking = false
    kit.draw()
  }
  return <button class="soft" aria-live="off" aria-disabled={taking} onClick={() => void accept()}>{say('yesPerson')}</button>
}

/** Of the bot's newest answer, and of those that were judged. */
export const Under = (m: Message): VNode | null => {
  const { chat, order } = kit.now()
  const newest = chat.messages.filter(k => k.author === 'bot' && k.source).at(-1)
  if (!('verdict' in m)) return null // an older server
  if (m.wants_order) return order === null ? <button class="soft" aria-live="off" onClick={kit.findOrder}>{say('see')}</button> : null
  if (m.offers_person) return <Offer at={m.position} />
  if (!m.source || (m !== newest && !m.verdict && said[m.position] === undefined)) return null
  return (
    <Question
      about={m.position} was={m.verdict ? m.verdict === 'right' : undefined}
      tell={helped => chat.act('verdict', { position: m.position, helped })}
    />
  )
}

export const OfArticle = (): VNode | null => {
  const { article, boot } = kit.now()
  if (!article || !boot?.phase) return null
  const { article_id } = article
  return <Question key={article_id} about={article_id} tell={helped => count(article_id, helped ? 'helped' : 'not_helped')} />
}
