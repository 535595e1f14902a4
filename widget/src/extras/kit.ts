/**
 * What the later parts of the panel borrow from the first: a second copy of Preact, or of what the panel knows, would
 * be another panel. `extras.tsx` and `contact.tsx` are fetched when one of their views is first wanted.
 */
import type { Fragment, h, VNode } from 'preact'
import type { Api } from '../api.ts'
import type { Article, Boot, Message, NewMessage, Order } from '../api_types.ts'
import type { Chat } from '../chat.ts'
import type { Locale } from '../config.ts'
import type { Memory } from '../memory.ts'
import type { Bones, Icon, Out, Trouble } from '../views/parts.tsx'

/** Null: none is known; undefined: it is being fetched; false: it could not be. */
export type ShownOrder = Order | null | undefined | false

export interface Known {
  config: { locale: Locale; steps: string; proof: string }
  boot: Boot | undefined
  order: ShownOrder
  article: Article | undefined
  chat: Chat
  memory: Memory
  api: Api
}
export interface Kit {
  h: typeof h
  Fragment: typeof Fragment
  Bones: typeof Bones
  Icon: typeof Icon
  Out: typeof Out
  Trouble: typeof Trouble
  readonly shadow: ShadowRoot
  /** As it is at this moment. */
  now(): Known
  draw(): void
  /** True when the element was there and took the focus. */
  focus(selector: string): boolean
  go(tab: 'help' | 'chat' | 'order', focus?: string): void
  openArticle(id: string, kind?: string): void
  /** "Where is my order?": what we know of it, or the form that asks. */
  findOrder(): void
  /** `changes`: what belongs to the phase that the order is in. */
  setOrder(order: ShownOrder, changes?: Partial<Boot>): void
  /** What stands in the field for a message; kept until it is sent. */
  write(text: string): void
  /** Where the shopper is: what goes with each message. */
  circumstances(): Omit<NewMessage, 'client_id' | 'text'>
  ask(words?: string): void
  askPerson(): Promise<void>
}
/** The views of the second part, and its end. */
export interface Extras {
  /** One line about who answers when, or ''. */
  mood(): string
  welcome(): VNode
  /** How long an answer takes, for somebody who is about to write. */
  pace(): VNode | null
  /** The same for somebody who waits. */
  wait(): VNode | null
  /** Under a message of the bot. */
  under(message: Message): VNode | null
  /** At the end of the talk. */
  below(): VNode
  /** At the end of an article. */
  article(): VNode | null
  order(): VNode
  /** The same in short. */
  card(): VNode | null
  /** The shopper is writing to a person. */
  wrote(): null
  /** What happened with an article: a number at the shop, and no word of whose; '' is not counted. */
  count(article: string, kind: string): void
  fetchOrder(): Promise<void>
  /** Takes away what would go on by itself. */
  stop(): void
}
/** The views of the part that brings the shopper to a person who is not there now. */
export interface Contact {
  /** The message form, the offer of it, or what became of it; null: nothing of that is wanted here. */
  form(): VNode | null
  /** The form stands there: it takes the composer's place. */
  isWriting(): boolean
  /** At the end of the help. */
  ways(): VNode | null
  /** A person is wished. True: nobody is there, and the shopper is asked what to do instead. */
  wish(): Promise<boolean>
}
export interface Parts {
  extras: Extras
  contact: Contact
}
