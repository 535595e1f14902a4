/** What the loader imports when somebody wants help. */
import type { Host, Panel } from './config.ts'
import { close, destroy, open, reattach, settleIn } from './counter.ts'
import css from './panel.css'

export const mount = (host: Host): Panel => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  host.shadow.adoptedStyleSheets = [...host.shadow.adoptedStyleSheets, sheet]
  settleIn(host)
  return { open, close, destroy, reattach }
}
