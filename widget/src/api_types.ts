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
}
export interface ConversationAnswer {
  conversation: Conversation
  messages: Message[]
}
export interface PostedAnswer extends ConversationAnswer {
  token: string | null
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
}
export interface NewMessage {
  client_id: string
  text: string
  locale: string
  steps: string[]
  page: string | null
  proof: string | null
  basket: string | null
}
