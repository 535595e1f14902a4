import {ask} from './ask';

export interface Help {
  hub_url: string;
  links: {article_id: string; title: string; url: string}[];
}

interface Reading {
  sessionToken: {get(): Promise<string>};
  localization: {extensionLanguage: {value: {isoCode: string}}};
}

export type Words = (key: string, values?: Record<string, string | number>) => string;

/** The articles that fit this step, in the language of the words around them; `null` when there is nothing to show. */
export async function askHelp(api: Reading, step: string): Promise<Help | null> {
  const locale = api.localization.extensionLanguage.value.isoCode;
  const query = `step=${encodeURIComponent(step)}&locale=${encodeURIComponent(locale)}`;
  const help = await ask<Help>(api, `links?${query}`);
  if (!help || !Array.isArray(help.links)) return null;
  const links = help.links.filter((link) => isSafe(link.url) && link.title);
  return links.length || isSafe(help.hub_url) ? {hub_url: help.hub_url, links} : null;
}

/** Only a web address becomes a link: never a script, never a page of the checkout itself. */
export function isSafe(url: unknown): url is string {
  return typeof url === 'string' && url.startsWith('https://');
}

/** One link out of the purchase: always a tab of its own, and said so to those who cannot see it. */
export function Away({url, title, words}: {url: string; title: string; words: Words}) {
  return (
    <s-link href={url} target="_blank" accessibilityLabel={words('new_tab', {title})}>
      {title}
    </s-link>
  );
}

/** The address of the whole help, after the chosen articles. */
export function Hub({help, words}: {help: Help; words: Words}) {
  return isSafe(help.hub_url) ? <Away url={help.hub_url} title={words('hub')} words={words} /> : null;
}
