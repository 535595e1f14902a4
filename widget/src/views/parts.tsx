import { Fragment, h, type ComponentChildren, type VNode } from 'preact'
import type { RichNode, TextNode } from '../api_types.ts'
import { boot } from '../counter.ts'
import { say } from '../words.ts'
import { safeUrl } from './safe.ts'

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M9 5l7 7-7 7',
  send: 'M5 12h13M12 5l7 7-7 7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
}

export const Icon = ({ name }: { name: keyof typeof PATHS }): VNode => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)

/** Links never navigate the shop's own tab. */
export const Out = ({ href, ...rest }: { href: string; class?: string; children: ComponentChildren }): VNode => (
  <a href={href} target="_blank" rel="noopener noreferrer" class={rest.class}>
    {rest.children}
    <span class="v"> ({say('tab')})</span>
  </a>
)

const TAGS = /^(p|h3|ul|ol|li|strong|em|code|br)$/

/** A tree of the allow-list as elements; anything else is only its text. */
export const Rich = ({ nodes }: { nodes: TextNode[] }): VNode => (
  <Fragment>
    {nodes.map(node => {
      if (typeof node === 'string') return node
      const { tag, href, children = [] } = node as RichNode
      const inside = <Rich nodes={children} />
      const url = tag === 'a' && safeUrl(href)
      if (url) return <Out href={url}>{inside}</Out>
      if (!TAGS.test(tag)) return inside
      return h(tag === 'h3' ? 'h4' : tag, null, tag === 'br' ? null : inside)
    })}
  </Fragment>
)

/** Plain words of a person, with the addresses in them made into links. */
export const Plain = ({ text }: { text: string }): VNode => (
  <Fragment>
    {text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/).map((part, i) => (i % 2 ? <Out href={part}>{part}</Out> : part))}
  </Fragment>
)

/** Where the part with the message form did not come: pages of ours that do the same. */
export const Elsewhere = (): VNode => {
  const { form_url, requests_url } = boot!.contact!
  return (
    <p class="foot">
      {safeUrl(form_url) && <Out href={form_url}>{say('writeUs')}</Out>}
      {safeUrl(requests_url) && <Out href={requests_url}>{say('requests')}</Out>}
    </p>
  )
}

export const Trouble = ({ tip, again }: { tip?: string; again: () => void }): VNode => (
  <div class="trouble" role="alert">
    <strong>{say('broken')}</strong>
    <p>{tip || say('brokenTip')}</p>
    <button class="soft" onClick={again}>{say('retry')}</button>
  </div>
)

export const Bones = (): VNode => (
  <div class="bones" role="status">
    <span class="v">{say('loading')}</span>
    <i /><i /><i /><i /><i />
  </div>
)

export const Spot = ({ name }: { name: string }): VNode => <span class="spot" aria-hidden="true">{[...name][0]?.toUpperCase()}</span>
