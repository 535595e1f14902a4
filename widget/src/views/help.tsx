import { Fragment, h, type VNode } from 'preact'
import type { Title } from '../api_types.ts'
import * as p from '../counter.ts'
import * as search from '../search.ts'
import { count, fold, say } from '../words.ts'
import { Bones, Elsewhere, Icon, Out, Rich, Trouble } from './parts.tsx'
import { safeUrl } from './safe.ts'

const List = ({ items, kind }: { items: Title[]; kind?: string }): VNode => (
  <ul class="list">
    {items.map(item => (
      <li key={item.article_id}>
        <button class="row" data-article={item.article_id} onClick={() => p.openArticle(item.article_id, kind)}>
          <span>{item.title}</span>
          <Icon name="more" />
        </button>
      </li>
    ))}
  </ul>
)

const Ask = ({ title, draft }: { title: string; draft?: string }): VNode => (
  <div class="ask">
    <p>{title}</p>
    <button class="main" onClick={() => p.ask(draft)}>{say('ask')}</button>
  </div>
)

/** Titles that hold every word typed: shown at once, while the server looks deeper. */
export const nearTitles = (titles: Title[], query: string): Title[] => {
  const wanted = fold(query).split(/\s+/).filter(Boolean)
  const seen = new Set<string>()
  return titles.filter(t => !seen.has(t.article_id) && seen.add(t.article_id) && wanted.every(w => fold(t.title).includes(w)))
}

const Results = (): VNode => {
  const query = search.query
  const found = search.found
  const near = nearTitles([...(p.boot?.links || []), ...(p.boot?.sections || []).flatMap(s => s.articles)], query)
  const items = found?.results.length ? found.results : near
  const none = found && !items.length
  return (
    <Fragment>
      <p class="quiet" role="status">
        {!found ? say('searching') : none ? say('nothing', { q: query }) : found.answered ? count('found', items.length) : say('maybe')}
      </p>
      <List items={items} />
      {found && <Ask title={none ? say('nothingTip') : say('askTitle')} draft={query} />}
    </Fragment>
  )
}

const Shelf = (): VNode => {
  const boot = p.boot
  if (p.bootFailed) return <Trouble again={p.fetchBoot} />
  if (!boot) return <Bones />
  const { phase } = boot
  const early = phase === 'pre_purchase'
  const find = phase && p.order === null && <button class="soft" onClick={p.findOrder}>{say('where')}</button>
  return (
    <Fragment>
      {p.order ? p.more('card') : !early && find}
      {boot.links.length > 0 && (
        <Fragment>
          <h3>{say(p.config!.steps ? 'now' : 'popular')}</h3>
          <List items={boot.links} kind="clicked" />
        </Fragment>
      )}
      {boot.sections.length > 0 && <h3>{say('topics')}</h3>}
      {boot.sections.map(section => (
        <details key={section.id}>
          <summary><span>{section.title}</span><Icon name="more" /></summary>
          <List items={section.articles} />
        </details>
      ))}
      {early && find}
      <Ask title={say('askTitle')} />
      <p class="foot">
        {safeUrl(boot.hub_url) && <Out href={boot.hub_url}>{say('hub')}</Out>}
      </p>
      {boot.contact && (p.contact('ways') || (p.failed.contact && <Elsewhere />))}
    </Fragment>
  )
}

export const Help = (): VNode => (
  <Fragment>
    <form class="search" role="search" onSubmit={e => (e.preventDefault(), search.searchNow())}>
      <Icon name="search" />
      <input
        type="text" inputMode="search" enterKeyHint="search" autocomplete="off" maxLength={200} aria-label={say('search')}
        placeholder={say('search')} value={search.query} onInput={e => search.type(e.currentTarget.value)}
      />
      {search.query && (
        <button type="button" class="icon" aria-label={say('clear')} onClick={search.clearSearch}>
          <Icon name="close" />
        </button>
      )}
    </form>
    {search.query.trim() ? <Results /> : <Shelf />}
  </Fragment>
)

export const ArticleView = (): VNode => {
  const article = p.article
  return (
    <Fragment>
      <button class="back" onClick={p.back}><Icon name="more" />{say('back')}</button>
      {p.articleFailed ? (
        <Trouble tip={p.articleTip} again={() => p.openArticle(p.articleId, '')} />
      ) : !article ? (
        <Bones />
      ) : (
        <article>
          <p class="quiet">{p.boot?.sections.find(s => s.id === article.section)?.title ?? article.section}</p>
          <h3 tabIndex={-1} data-focus>{article.title}</h3>
          <div class="rich"><Rich nodes={article.body} /></div>
          {p.more('article')}
          <Ask title={say('askArticle')} />
        </article>
      )}
    </Fragment>
  )
}
