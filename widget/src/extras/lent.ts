/** Stands for Preact in this part (build.mjs), and for the parts of views that the panel lends. */
import type { Kit } from './kit.ts'

export let h: Kit['h']
export let Fragment: Kit['Fragment']
export let Bones: Kit['Bones']
export let Icon: Kit['Icon']
export let Out: Kit['Out']
export let Trouble: Kit['Trouble']
export let kit: Kit

export const borrow = (lent: Kit): void => {
  kit = lent
  ;({ h, Fragment, Bones, Icon, Out, Trouble } = lent)
}
