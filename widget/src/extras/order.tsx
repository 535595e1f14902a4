import { Fragment, h, type VNode } from 'preact'
import type { Order, Shipment } from '../api_types.ts'
import { safeUrl } from '../views/safe.ts'
import { writing } from './hours.ts'
import { Icon, kit, Out } from './lent.ts'
import { say } from './own_words.ts'

/** Day and time in the shopper's own zone; the year only when it is not this one. */
const moment = (iso: string): string => {
  const at = new Date(iso)
  if (isNaN(+at)) return ''
  const year = at.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const)
  return at.toLocaleString(writing(kit.now().config.locale, navigator.language), { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', ...year })
}

const Story = ({ steps }: { steps: { at: string; label: string; place?: string | null }[] }): VNode => (
  <ol class="story">
    {steps.map(step => (
      <li>
        <span dir="auto">{step.label}</span>
        <span class="quiet">
          <time dateTime={step.at}>{moment(step.at)}</time>
          {step.place && ' · ' + step.place}
        </span>
      </li>
    ))}
  </ol>
)

const Parcel = ({ shipment, title }: { shipment: Shipment; title: string }): VNode => {
  const url = safeUrl(shipment.tracking_url)
  return (
    <section class="parcel" aria-label={title}>
      <p class="quiet">{[title, shipment.carrier].filter(Boolean).join(' · ')}</p>
      <h4>{shipment.status_label}</h4>
      {shipment.tracking_number && <p>{say('trackNumber')}: <bdi>{shipment.tracking_number}</bdi></p>}
      {url && <Out href={url} class="main">{say('track')}</Out>}
      {shipment.events.length > 0 && (
        <details>
          <summary><span>{say('moves')}</span><Icon name="more" /></summary>
          <Story steps={shipment.events.map(e => ({ at: e.occurred_at, label: e.label, place: e.location }))} />
        </details>
      )}
    </section>
  )
}

/** What is asked about an order in this phase. */
const Links = ({ level, most }: { level: 'h3' | 'h4'; most?: number }): VNode | null => {
  const links = (kit.now().boot?.links || []).slice(0, most)
  return links.length > 0 ? (
    <Fragment>
      {h(level, null, say('links'))}
      <ul class="list">
        {links.map(l => <li key={l.article_id}><button class="row" onClick={() => kit.openArticle(l.article_id, 'clicked')}><span>{l.title}</span><Icon name="more" /></button></li>)}
      </ul>
    </Fragment>
  ) : null
}

export const OrderView = ({ order }: { order: Order }): VNode => {
  const { shipments } = order
  return (
    <Fragment>
      <p class="quiet">{say('number', { n: order.number })}</p>
      <h3 class="status" tabIndex={-1} data-focus>{order.status_label}</h3>
      <dl>
        {([['payment', order.payment_label], ['total', order.total.text], ['placed', moment(order.placed_at)]] as const).map(([name, value]) => (
          <div><dt>{say(name)}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      {shipments.map((s, i) => (
        <Parcel shipment={s} title={shipments.length > 1 ? say('parcelN', { n: i + 1 }) : say('parcel')} />
      ))}
      {!shipments.length && /^(pending|on_hold|processing)$/.test(order.status) && <p class="quiet note">{say('noShipments')}</p>}
      <h4>{say('bought')}</h4>
      <ul class="lines">{order.lines.map(l => <li><span dir="auto">{l.name}</span><span class="quiet">× {l.quantity}</span></li>)}</ul>
      {order.timeline.length > 0 && <h4>{say('story')}</h4>}
      <Story steps={order.timeline} />
      {kit.now().boot?.phase && <Links level="h4" />}
      <div class="ask">
        <p>{say('orderAsk')}</p>
        <button class="main" onClick={() => kit.ask()}>{say('askUs')}</button>
      </div>
    </Fragment>
  )
}

/** Position of the last message when a code proved the order here. */
let provenAt = -1
export const markProven = (at: number): void => {
  provenAt = at
}

/** In the talk, once a code has proven it, until somebody says more: then the order has its tab. */
export const Proven = (): VNode | null => {
  const { order, chat } = kit.now()
  if (!order || provenAt !== chat.messages.at(-1)?.position) return null
  const parcel = order.shipments[0]
  const url = safeUrl(parcel?.tracking_url)
  return (
    <section class="card-form proven" tabIndex={-1} aria-label={say('number', { n: order.number })}>
      <p class="quiet">{say('number', { n: order.number })}</p>
      <p><strong>{order.status_label}</strong></p>
      {parcel && <p>{[say('parcel') + ': ' + parcel.status_label, parcel.carrier].filter(Boolean).join(' · ')}</p>}
      <div class="pair">
        {url && <Out href={url} class="main">{say('track')}</Out>}
        <button class="link" onClick={() => kit.go('order', '[data-focus]')}>{say('detail')}</button>
      </div>
      <Links level="h3" most={3} />
    </section>
  )
}

/** In the help, on top. */
export const Card = ({ order }: { order: Order }): VNode => (
  <button class="card" onClick={() => kit.go('order', '[data-focus]')}>
    <span>
      <strong>{order.status_label}</strong>
      <span class="quiet">{say('number', { n: order.number })}</span>
    </span>
    <Icon name="more" />
  </button>
)
