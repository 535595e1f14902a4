import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setUpExtension} from '@shopify/ui-extensions-tester';
import {render} from 'preact';
import {vi} from 'vitest';

const APP = join(import.meta.dirname, '..');

export const LOCALES = ['en', 'es', 'pt-BR', 'pt-PT'] as const;
export type Locale = (typeof LOCALES)[number];

type Target = Parameters<typeof setUpExtension>[0];

// Shopify's `<s-chat>` has this property: by it Preact knows that the event is called `ready`, not `Ready`.
Object.defineProperty(HTMLElement.prototype, 'onready', {value: null, writable: true});

/** A signal that tells, unlike the tester's own. */
export function signal<T>(value: T) {
  const listeners = new Set<(value: T) => void>();
  const made = {
    value,
    subscribe(told: (value: T) => void) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    set(value: T) {
      made.value = value;
      for (const told of listeners) told(value);
    },
  };
  return made;
}

export function readWords(extension: string, locale: Locale): Record<string, string> {
  const name = locale === 'en' ? 'en.default' : locale;
  return JSON.parse(readFileSync(join(APP, `extensions/${extension}/locales/${name}.json`), 'utf8'));
}

/** An extension on its page, reading its real words; a word that does not exist is an error, as it is in the shop. */
export function open<T extends Target>(extension: string, target: T, locale: Locale = 'en') {
  const opened = setUpExtension(target, {configSearchDir: join(APP, 'extensions', extension)});
  const words = readWords(extension, locale);
  const shopify = opened.shopify as any;
  shopify.i18n.translate = (key: string, values: Record<string, string | number> = {}) => {
    if (!(key in words)) throw new Error(`no word "${key}" in ${extension}, ${locale}`);
    return words[key]!.replace(/\{\{(\w+)\}\}/g, (_, name) => {
      if (!(name in values)) throw new Error(`"${key}" wants ${name}`);
      return String(values[name]);
    });
  };
  shopify.i18n.formatDate = (date: Date, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, options).format(date);
  shopify.localization.extensionLanguage = signal({isoCode: locale});
  shopify.localization.language = signal({isoCode: locale});
  shopify.settings = signal({heading: undefined}); // what the merchant left empty is undefined, never missing
  if ('buyerJourney' in shopify) shopify.buyerJourney.activeStep = signal(undefined);
  return {
    shopify,
    render: () => opened.render(),
    answer: (how: (url: string, init: RequestInit) => unknown) => {
      const fetched = vi.fn(async (url: string, init: RequestInit) => how(url, init));
      opened.fetch = fetched as unknown as typeof fetch;
      return fetched;
    },
    close() {
      render(null, document.body);
      opened[Symbol.dispose]();
      document.body.innerHTML = '';
    },
  };
}

export const json = (value: unknown, status = 200) => ({
  ok: status < 400,
  status,
  json: async () => JSON.parse(JSON.stringify(value)),
});

/** Everything that was begun and needs no clock has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** What stands on the page, for the pictures of the docs: only written down where MOSTRADOR_RENDERED names a folder. */
export function keep(name: string): void {
  const folder = process.env.MOSTRADOR_RENDERED;
  if (!folder) return;
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, `${name}.html`), document.body.innerHTML);
}

export const texts = (selector: string) => [...document.body.querySelectorAll(selector)].map((one) => one.textContent);
export const all = (selector: string) => [...document.body.querySelectorAll(selector)];
