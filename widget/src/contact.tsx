/**
 * The third part of the panel, for when nobody answers at once: the message form, which is answered by mail, and the
 * other ways to reach the shop. Fetched when one of its views is first wanted.
 */
import { h } from 'preact'
import css from './contact/contact.css'
import { drawForm, forgetForm, isWriting, openForm, wish } from './contact/form.tsx'
import { Ways } from './contact/ways.tsx'
import type { Contact, Kit } from './extras/kit.ts'
import { borrow } from './extras/lent.ts'

export const settle = (lent: Kit): Contact => {
  borrow(lent)
  forgetForm()
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  lent.shadow.adoptedStyleSheets.push(sheet)
  return { form: drawForm, isWriting, wish, ways: () => <Ways write={openForm} /> }
}
