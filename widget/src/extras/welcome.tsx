import { h, type VNode } from 'preact'
import { clock, daysBetween, listDays, writing } from './hours.ts'
import { Icon, kit } from './lent.ts'
import { count, say } from './own_words.ts'

const way = (): string => writing(kit.now().config.locale, navigator.language)

/** A list of names as the language writes it: «Ana, Luis y Eva». */
const listNames = (names: string[]): string => new Intl.ListFormat(kit.now().config.locale).format(names.slice(0, 3))

/** When somebody answers, as far as the shop has said; '' when it has not. */
const openness = (): string => {
  const hours = kit.now().boot?.hours
  if (!hours) return ''
  const now = new Date()
  const at = new Date((hours.open ? hours.closes_at : hours.opens_at) || NaN)
  if (isNaN(+at)) return say(hours.open ? 'open' : 'closed')
  const days = daysBetween(now, at)
  const time = clock(at, way())
  if (hours.open) return days > 1 ? say('open') : say('openUntil', { time })
  if (days > 6) return say('opensOn', { day: at.toLocaleDateString(way(), { day: 'numeric', month: 'long' }), time })
  return days > 1 ? say('opensOn', { day: at.toLocaleDateString(way(), { weekday: 'long' }), time }) : say(days ? 'opensTomorrow' : 'opensToday', { time })
}

/** The real median, rounded up: nobody is promised more than is so. */
const speed = (): string => {
  const seconds = kit.now().boot?.answer_seconds
  if (seconds == null) return ''
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  const hours = Math.ceil(minutes / 60)
  const time = minutes < 60 ? count('minutes', minutes) : hours < 24 ? count('hours', hours) : count('days', Math.ceil(hours / 24))
  return say('speed', { time })
}

export const mood = (): string => {
  const { boot } = kit.now()
  return boot?.available ? (boot.agents.length ? say('here', { names: listNames(boot.agents.map(a => a.name)) }) : '') : openness()
}

/** Beside the message form, which stands in place of the welcome. */
export const pace = (): VNode | null => {
  const text = speed()
  return text ? <p class="quiet">{text}</p> : null
}

export const wait = (): VNode | null => {
  const text = (kit.now().boot?.available && speed()) || openness() || speed()
  return text ? <span class="quiet"> {text}</span> : null
}

const Week = (): VNode => {
  const { boot } = kit.now()
  const now = new Date()
  const zone = now.toLocaleTimeString(way(), { timeZoneName: 'short' }).split(' ').at(-1)!
  return (
    <details class="week">
      <summary><span>{say('week', { zone })}</span><Icon name="more" /></summary>
      <dl>
        {listDays(boot!.hours!, now).map(({ at, spans }, i) => (
          <div>
            <dt>{i ? at.toLocaleDateString(way(), { weekday: 'long' }) : say('today')}</dt>
            <dd>{!spans ? say('allDay') : spans.length ? spans.map(([from, until]) => <div>{clock(from, way())} – {clock(until, way())}</div>) : say('shut')}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

export const Welcome = (): VNode => {
  const { boot, order } = kit.now()
  // who is here, or when somebody will be, stands in the head
  const hours = boot?.hours
  const lines = [hours && (boot.available ? openness() : say(hours.open ? 'open' : 'closed')), speed()].filter(Boolean)
  return (
    <div class="welcome">
      {boot?.available && boot.agents.length > 0 && (
        <p class="faces">{boot.agents.slice(0, 3).map(a => <span class="spot" aria-hidden="true">{[...a.name][0]?.toUpperCase()}</span>)}</p>
      )}
      <h3>{say('hello')}</h3>
      <p>{boot?.greeting || say(boot?.available ? 'helloHere' : 'helloAway')}</p>
      {boot?.greeting && !boot.available && <p class="quiet">{say('helloBack')} {boot.people}</p>}
      {lines.length > 0 && <ul class={'facts ' + (hours?.open === false ? 'off' : '')}>{lines.map(line => <li>{line}</li>)}</ul>}
      {hours && hours.intervals.length > 0 && <Week />}
      <div class="ways">
        {boot?.phase && order === null && <button class="soft" onClick={kit.findOrder}>{say('where')}</button>}
        <button class="soft" onClick={kit.askPerson}>{say('person')}</button>
      </div>
    </div>
  )
}
