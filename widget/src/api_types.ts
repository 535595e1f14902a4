/** The shapes of widget API v1, one to one; `tests/data/widget_api/` holds one sample of each answer. */
export type TextNode = string | RichNode
export interface RichNode {
  tag: 'p' | 'h3' | 'ul' | 'ol' | 'li' | 'strong' | 'em' | 'code' | 'br' | 'a'
  href?: string
  children?: TextNode[]
}

export interface Title {
  article_id: string
  title: string
}
export interface Link extends Title {
  section: string
}
export interface Section {
  id: string
  title: string
  articles: Title[]
}
export interface Boot {
  store: { name: string }
  locale: 'es' | 'en' | 'pt'
  accent: string
  available: boolean
  links: Link[]
  sections: Section[]
  hub_url: string
  privacy_url: string | null
  agents: { name: string }[]
  // from here on: an older server does not say it
  /** Who answers in person, there now or not, in a sentence; '' when nobody has said a name. */
  people?: string
  phase?: Phase
  /** A sentence for this phase. */
  greeting?: string
  /** Null: the shop has not told its hours. */
  hours?: Hours | null
  /** The median of 30 days; null: too few answers to say. */
  answer_seconds?: number | null
  /** What a shopper agrees to who leaves an address, letter by letter. */
  email_consent?: string
  /** The store's, an IANA name. */
  time_zone?: string
  /** Who answers first here: `form`, nobody for now. */
  route?: 'bot' | 'person' | 'form'
  contact?: Contact
}
export type Phase = 'pre_purchase' | 'purchase' | 'post_sale'
/** What a shop has not told is '', [] or null. */
export interface Contact {
  email: string
  phones: { number: string; shown: string; url: string; charged: boolean; hours: string; note: string }[]
  whatsapp: { shown: string; url: string } | null
  social: { name: string; url: string }[]
  /** Pages of ours that do the same. */
  form_url: string
  requests_url: string
}
/** Times in UTC; the intervals of the next seven days. */
export interface Hours {
  open: boolean
  opens_at: string | null
  closes_at: string | null
  intervals: [string, string][]
}
export interface Article extends Link {
  body: TextNode[]
  url: string
}
export interface SearchAnswer {
  results: Link[]
  answered: boolean
}
export interface Conversation {
  id: string
  status: 'bot' | 'open' | 'snoozed' | 'resolved'
  agent: { name: string } | null
  // from here on: an older server does not say it
  phase?: Phase
  /** 1 (bad) .. 5 (very good), of the newest answer. */
  rating?: number | null
  can_rate?: boolean
  /** Show the form for an address now. */
  ask_email?: boolean
  /** An address was left. */
  email?: boolean
  /** A person is wished and nobody is there: show the message form. */
  form?: boolean
}
export interface Message {
  position: number
  client_id: string | null
  author: 'shopper' | 'bot' | 'agent' | 'system'
  name: string | null
  text: string
  body: TextNode[] | null
  source: Title | null
  created_at: string
  /** Of the bot: what the shopper said of it. An older server says nothing. */
  verdict?: 'right' | 'wrong' | null
  /** Of the bot: it offers to look at the order. */
  wants_order?: boolean
  /** Of the bot: it asks whether a person should help. */
  offers_person?: boolean
}
export interface ConversationAnswer {
  conversation: Conversation
  messages: Message[]
}
export interface PostedAnswer extends ConversationAnswer {
  /** Only when one was minted. */
  token: string | null
}
export interface FormAnswer extends PostedAnswer {
  reference: string
  answered_by: string | null
  /** When a person answers, in a sentence. */
  words: string
}
export interface TrackingEvent {
  occurred_at: string
  label: string
  location: string | null
}
export interface Shipment {
  carrier: string | null
  tracking_number: string | null
  tracking_url: string | null
  status: string
  status_label: string
  events: TrackingEvent[]
}
export interface Order {
  number: string
  status: string
  status_label: string
  payment_label: string
  placed_at: string
  total: { amount: string; currency: string; text: string }
  lines: { name: string; quantity: number }[]
  shipments: Shipment[]
  timeline: { at: string; label: string }[]
}
export interface OrderAnswer {
  order: Order
  links?: Link[]
  phase?: Phase
  greeting?: string
}
/** Always the same, whether there is such an order or not. */
export interface CodeAnswer {
  handle: string
  /** Seconds. */
  expires_in: number
}
export interface CheckedAnswer extends OrderAnswer, PostedAnswer {}
export interface NewMessage {
  client_id: string
  text: string
  locale: string
  steps: string[]
  page: string | null
  proof: string | null
  basket: string | null
}
