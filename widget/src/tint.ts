import { inkOn, isColour, readable } from './colour.ts'

/** The surfaces that text in the accent colour lies on; panel.css has the same two. */
const SOFT_LIGHT = '#f3f4f7'
const SOFT_DARK = '#23272f'

/** The store's own colour, as it may be read. At every opening: the loader starts anew with the tag's when the shop runs it again. */
export const tint = (frame: HTMLElement, accent?: string | null): void => {
  if (!isColour(accent)) return
  const dark = readable(accent, SOFT_DARK, 3)
  const colours = {
    accent, ink: inkOn(accent), link: readable(accent, SOFT_LIGHT), 'fill-dark': dark, 'ink-dark': inkOn(dark), 'link-dark': readable(accent, SOFT_DARK),
  }
  for (const [name, value] of Object.entries(colours)) frame.style.setProperty('--' + name, value)
}
