import { h, type VNode } from 'preact'
import type { ApiError } from '../api.ts'
import { kit } from './lent.ts'
import { nth, say } from './own_words.ts'

const STAR = 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z'

let score = 0
let comment = ''
let changing = false
let busy = false
let trouble = ''
export const forgetRating = (): void => {
  score = 0
  comment = trouble = ''
  changing = busy = false
}

const send = async (): Promise<void> => {
  if (busy) return
  if (!score) {
    trouble = say('rateFirst')
    return kit.draw()
  }
  busy = true
  trouble = ''
  kit.draw()
  try {
    await kit.now().chat.act('rating', { score, comment: comment.trim() || null })
    changing = busy = false
    kit.draw()
    queueMicrotask(() => kit.focus('.rated'))
  } catch (e) {
    busy = false
    trouble = (e as ApiError).message || say('notSent')
    kit.draw()
  }
}

const Stars = (): VNode => (
  <form class="card-form" noValidate onSubmit={e => (e.preventDefault(), void send())}>
    <fieldset>
      <legend>{say('rate')}</legend>
      <div class="stars">
        {[1, 2, 3, 4, 5].map(n => (
          <label class={n <= score ? 'on' : ''}>
            <input
              type="radio" name="score" value={n} checked={score === n} aria-label={nth('scores', n - 1)}
              onChange={() => {
                score = n
                trouble = ''
                kit.draw()
              }}
            />
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d={STAR} /></svg>
          </label>
        ))}
      </div>
      <p class="quiet" aria-hidden="true">{score ? nth('scores', score - 1) : say('rateEnds')}</p>
    </fieldset>
    {score > 0 && (
      <label>
        {say('comment')}
        <textarea
          rows={2} maxLength={1000} value={comment}
          onInput={e => {
            comment = e.currentTarget.value
          }}
        />
      </label>
    )}
    {trouble && <p class="bad" role="alert">{trouble}</p>}
    <button class="main" aria-disabled={busy}>{say(busy ? 'sending' : 'sendRating')}</button>
  </form>
)

/** Once the talk is closed and had an answer; it may be changed as long as nothing new was answered. */
export const Rating = (): VNode | null => {
  const { conversation } = kit.now().chat
  const given = conversation?.rating
  if (given && !changing)
    return (
      <div class="card-form">
        <p class="rated" tabIndex={-1}><strong>{say('rated')}</strong> {nth('scores', given - 1)}</p>
        {conversation.can_rate && (
          <button
            class="link" onClick={() => {
              score = given
              changing = true
              kit.draw()
              queueMicrotask(() => kit.focus('.stars input:checked'))
            }}
          >{say('change')}</button>
        )}
      </div>
    )
  return conversation?.can_rate && (changing || conversation.status === 'resolved') ? <Stars /> : null
}
