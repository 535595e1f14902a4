/** What the shop is told without anybody asking for it, and the order that it tells us. */
import type { ApiError } from '../api.ts'
import type { Boot, OrderAnswer } from '../api_types.ts'
import { kit } from './lent.ts'

/** How often a person at the desk hears that the shopper writes. */
const TELL_TYPING_MS = 3000

let toldAt = 0

/** An older server has no phase, and knows nothing of all this. */
export const wrote = (): null => {
  const { chat } = kit.now()
  if (chat.conversation?.phase && Date.now() - toldAt >= TELL_TYPING_MS) {
    toldAt = Date.now()
    chat.act('typing').catch(() => {})
  }
  return null
}

export const count = (article: string, kind: string): void => {
  const { api, boot, config } = kit.now()
  const step = config.steps.split(/[\s,]+/)[0]
  const wish = { kind, locale: config.locale, step, phase: boot?.phase }
  if (boot?.phase && kind) api.tell(`articles/${encodeURIComponent(article)}/count`, wish).catch(() => {})
}

/** The order is known: so is the phase, and what is asked in it. */
export const learn = ({ order, links, phase, greeting }: OrderAnswer): void =>
  kit.setOrder(order, links && ({ links, phase, greeting } as Partial<Boot>))

/** By the platform's proof, else by what a code has proven of this conversation. */
export const fetchOrder = async (): Promise<void> => {
  const { config, api, chat, memory } = kit.now()
  const { proof, locale } = config
  kit.setOrder(undefined)
  try {
    const answer: OrderAnswer = await (proof ? api.tell('order', { proof }) : chat.act('order', { locale }))
    if (config === kit.now().config) learn(answer)
  } catch (e) {
    const { status } = e as ApiError
    // refused: the proof proves nothing, and there is nothing to show or to try again
    const refused = status > 399 && status < 429
    if (refused && !proof) memory.write({ order: '' })
    if (config === kit.now().config) kit.setOrder(refused && null)
  }
}
