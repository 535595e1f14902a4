/** What the loader imports when somebody wants help. */
import css from './panel.css'
import type { Host, Panel } from './config.ts'
import { close, open, reattach, settleIn } from './counter.ts'

/** For a document of our own (document.ts), which must not carry a second copy. */
export { chat } from './counter.ts'
export { createStage } from './stage.ts'

export const mount = (host: Host): Panel => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  host.shadow.adoptedStyleSheets = [...host.shadow.adoptedStyleSheets, sheet]
  settleIn(host)
  // `destroy` is how the loaders of the release before end: theirs may lie in a browser's cache beside this panel
  return { open, close, reattach, destroy: () => host.halt!() }
}
