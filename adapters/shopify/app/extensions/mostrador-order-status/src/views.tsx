import {Away, Hub, isSafe, type Help, type Words} from '../../../shared/help';

interface TrackingEvent {
  occurred_at: string | null;
  label: string;
  location: string | null;
}

interface Shipment {
  carrier: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  status_label: string;
  events: TrackingEvent[];
}

export interface Order {
  status_label: string;
  shipments?: Shipment[];
}

/** Events of a parcel that are read at a glance; the others are one press away. */
const NEWEST = 3;

/** What the counter knows of the order; without `whole` its status and nothing more, whatever was answered. */
export function Status(shown: {order: Order; whole: boolean; words: Words; time: (moment: string) => string}) {
  const {order, whole, words, time} = shown;
  const parcels = whole ? (order.shipments ?? []) : [];
  return (
    <s-stack gap="base">
      <s-text type="strong">{order.status_label}</s-text>
      {parcels.map((parcel, at) => (
        <s-stack key={at} gap="small">
          {parcels.length > 1 && <s-heading>{words('parcel', {number: at + 1, total: parcels.length})}</s-heading>}
          <Parcel parcel={parcel} words={words} time={time} />
        </s-stack>
      ))}
    </s-stack>
  );
}

function Parcel({parcel, words, time}: {parcel: Shipment; words: Words; time: (moment: string) => string}) {
  const named = [parcel.carrier, parcel.tracking_number].filter(Boolean).join(' ');
  const events = [...(parcel.events ?? [])].sort((one, other) =>
    (other.occurred_at ?? '').localeCompare(one.occurred_at ?? ''),
  );
  return (
    <s-stack gap="small-200">
      <s-text>{[parcel.status_label, named].filter(Boolean).join(' · ')}</s-text>
      {isSafe(parcel.tracking_url) && <Away url={parcel.tracking_url} title={words('track')} words={words} />}
      <Events events={events.slice(0, NEWEST)} time={time} />
      {events.length > NEWEST && (
        <s-details>
          <s-summary>{words('earlier')}</s-summary>
          <Events events={events.slice(NEWEST)} time={time} />
        </s-details>
      )}
    </s-stack>
  );
}

function Events({events, time}: {events: TrackingEvent[]; time: (moment: string) => string}) {
  if (!events.length) return null;
  return (
    <s-unordered-list>
      {events.map((event, at) => (
        <s-list-item key={at}>
          {[event.label, event.location].filter(Boolean).join(' · ')}{' '}
          {event.occurred_at && (
            <s-text color="subdued">
              <s-time dateTime={event.occurred_at}>{time(event.occurred_at)}</s-time>
            </s-text>
          )}
        </s-list-item>
      ))}
    </s-unordered-list>
  );
}

/** Why there is no more to see, and the way to more. */
export function SignIn({words, ask}: {words: Words; ask: () => void}) {
  return (
    <s-stack gap="small-200">
      <s-text color="subdued">{words('sign_in_why')}</s-text>
      <s-link onClick={ask}>{words('sign_in')}</s-link>
    </s-stack>
  );
}

/** The articles that fit somebody who waits for a parcel. */
export function Questions({help, heading, words}: {help: Help; heading: string; words: Words}) {
  return (
    <s-stack gap="small-200">
      {heading && <s-heading>{heading}</s-heading>}
      {help.links.map((link) => (
        <Away key={link.article_id} url={link.url} title={link.title} words={words} />
      ))}
      <Hub help={help} words={words} />
    </s-stack>
  );
}
