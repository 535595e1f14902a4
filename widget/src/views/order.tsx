import { Fragment, h, type VNode } from 'preact'
import type { Shipment } from '../api_types.ts'
import * as p from '../counter.ts'
import { say } from '../words.ts'
import { Bones, Icon, Out, safeUrl, Trouble } from './parts.tsx'

/** Day and time in the shopper's own zone; the year only when it is not this one. */
const moment = (iso: string): string => {
  const at = new Date(iso)
  if (isNaN(+at)) return ''
  const year = at.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const)
  return at.toLocaleString(p.config!.locale, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', ...year })
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

export const OrderView = (): VNode => {
  const order = p.order
  if (p.orderFailed) return <Trouble again={p.fetchOrder} />
  if (!order) return <Bones />
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
    </Fragment>
  )
}
