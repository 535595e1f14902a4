import { Fragment, h, type VNode } from 'preact'
import * as p from '../counter.ts'
import { say } from '../words.ts'
import { ArticleView, Help } from './help.tsx'
import { Bones, Icon, Spot, Trouble } from './parts.tsx'
import { Talk } from './talk.tsx'

const onKeyDown = (e: KeyboardEvent): void => {
  const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
  if (step) p.go(p.tabs.at((p.tabs.indexOf(p.tab) + step) % p.tabs.length)!, '[aria-selected=true]')
}

/** Keyed by view, so that no scroll position or element of one view is left in the next. */
export const Frame = (): VNode => {
  const boot = p.boot
  const tab = p.tab
  const name = boot?.store.name || say('help')
  const mood = boot?.available ? 'here' : 'away'
  return (
    <Fragment>
      <div class="head">
        <Spot name={name} />
        <div>
          <h2>{name}</h2>
          {boot && <p class={'quiet ' + mood}>{p.parts.extras?.mood() || say(mood)}</p>}
        </div>
        <button class="icon" aria-label={say('close')} onClick={p.close}><Icon name="close" /></button>
      </div>
      <div class="tabs" role="tablist" aria-label={name} onKeyDown={onKeyDown}>
        {p.tabs.map(t => (
          <button role="tab" id={t} aria-selected={t === tab} aria-controls="body" tabIndex={t === tab ? 0 : -1} onClick={() => p.go(t)}>
            {say(t)}
          </button>
        ))}
      </div>
      {/* an order may have nothing to focus, and must be scrolled by keys too */}
      <div class={'body ' + tab} key={tab + p.articleId} id="body" role="tabpanel" aria-labelledby={tab} tabIndex={tab === 'order' ? 0 : undefined}>
        {tab === 'chat' ? <Talk /> : tab === 'order' ? p.more('order') || (p.failed.extras ? <Trouble again={p.fetchOrder} /> : <Bones />) : p.articleId ? <ArticleView /> : <Help />}
      </div>
    </Fragment>
  )
}
