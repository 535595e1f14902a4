import { h, type ComponentChildren, type VNode } from 'preact'
import { Icon, kit, Out } from '../extras/lent.ts'
import { safeUrl } from '../views/safe.ts'
import { say } from './own_words.ts'

const Way = ({ href, name, children }: { href: string; name: string; children: ComponentChildren }): VNode => (
  <li>
    <a class="row" href={href}>
      <span><u>{name}</u><span class="quiet">{children}</span></span>
    </a>
  </li>
)

/** What the shop has told, and what is always there: the form, and the way back to what was asked before. */
export const Ways = ({ write }: { write: () => void }): VNode | null => {
  const { contact } = kit.now().boot!
  if (!contact) return null
  const { email, phones, whatsapp, social, requests_url } = contact
  return (
    <section class="reach" aria-labelledby="reach">
      <h3 id="reach">{say('ways')}</h3>
      <ul class="list">
        <li><button class="row" onClick={write}><span>{say('writeUs')}<span class="quiet">{say('byMail')}</span></span><Icon name="more" /></button></li>
        {phones.map(p => /^tel:\+?\d+$/.test(p.url) && (
          <Way href={p.url} name={p.shown}>{p.note}</Way>
        ))}
        {whatsapp && safeUrl(whatsapp.url) && <li><Out href={whatsapp.url} class="row"><span><u>WhatsApp</u><span class="quiet">{whatsapp.shown}</span></span></Out></li>}
        {email && <Way href={'mailto:' + encodeURIComponent(email).replace('%40', '@')} name={say('mail')}>{email}</Way>}
      </ul>
      <p class="foot">
        {social.map(s => safeUrl(s.url) && <Out href={s.url}>{s.name}</Out>)}
        {safeUrl(requests_url) && <Out href={requests_url}>{say('requests')}</Out>}
      </p>
    </section>
  )
}
