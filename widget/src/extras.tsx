/**
 * The second part of the panel, fetched when one of its views is first wanted: who answers and when, the order and the
 * way to it, what a shopper says of an answer and of a talk, an address to be answered at.
 */
import { Fragment, h, type VNode } from 'preact'
import css from './extras/extras.css'
import { Address, forgetAddress } from './extras/address.tsx'
import { forgetSaid, OfArticle, Under } from './extras/helped.tsx'
import type { Extras, Kit } from './extras/kit.ts'
import { borrow, Bones, kit, Trouble } from './extras/lent.ts'
import { forgetLookUp, LookUp, remember } from './extras/look_up.tsx'
import { Card, markProven, OrderView, Proven } from './extras/order.tsx'
import { forgetRating, Rating } from './extras/rating.tsx'
import { count, fetchOrder, wrote } from './extras/telling.ts'
import { mood, pace, wait, Welcome } from './extras/welcome.tsx'

const forget = (): void => {
  forgetAddress()
  forgetSaid()
  forgetLookUp()
  forgetRating()
  markProven(-1)
}

const Below = (): VNode => <Fragment><Proven /><Rating /><Address /></Fragment>

const Order = (): VNode => {
  const { order } = kit.now()
  if (order === false) return <Trouble again={fetchOrder} />
  return order ? <OrderView order={order} /> : order === null ? <LookUp /> : <Bones />
}

export const settle = (lent: Kit): Extras => {
  borrow(lent)
  forget()
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  lent.shadow.adoptedStyleSheets.push(sheet)
  remember()
  return {
    mood, pace, wait, welcome: () => <Welcome />, under: Under, below: () => <Below />, article: () => <OfArticle />, order: () => <Order />,
    card() {
      const { order } = kit.now()
      return order ? <Card order={order} /> : null
    },
    wrote, count, fetchOrder, stop: forget,
  }
}
