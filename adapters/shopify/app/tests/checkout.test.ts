import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {all, json, keep, LOCALES, open, readWords, settle, signal, texts} from './harness';

const PLACES = ['header.render-after', 'footer.render-after', 'block.render'] as const;
const TARGETS = PLACES.flatMap((place) => [`purchase.checkout.${place}`, `purchase.thank-you.${place}`] as const);
const HELP = {
  hub_url: 'https://mostrador.example/help/st_1/es/',
  links: [
    {article_id: 'pse', title: '¿Cómo pago con PSE?', url: 'https://mostrador.example/help/st_1/es/pse'},
    {article_id: 'safe', title: '¿Es seguro pagar aquí?', url: 'https://mostrador.example/help/st_1/es/safe'},
  ],
};
let page: ReturnType<typeof open>;

beforeEach(() => vi.useRealTimers());
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

const prepare = (target: (typeof TARGETS)[number], locale: (typeof LOCALES)[number] = 'es') => {
  page = open('mostrador-checkout', target, locale);
  return page;
};
const isEmpty = () => document.body.textContent === '' && all('*').length === 0;

describe.each(TARGETS)('%s', (target) => {
  test.each(LOCALES)('shows links of this step that open a tab of their own, in %s', async (locale) => {
    prepare(target, locale);
    const fetched = page.answer(() => json(HELP));
    await page.render();
    await settle();
    const words = readWords('mostrador-checkout', locale);
    const links = all('s-link');
    expect(links.length).toBeGreaterThanOrEqual(2);
    expect(links.map((one) => one.getAttribute('target'))).toEqual(links.map(() => '_blank'));
    expect(links[0]!.getAttribute('accessibilityLabel')).toBe(words.new_tab!.replace('{{title}}', HELP.links[0]!.title));
    expect(links.at(-1)!.textContent).toBe(words.hub);
    expect(links.at(-1)!.getAttribute('href')).toBe(HELP.hub_url);
    const step = target.startsWith('purchase.thank-you') ? 'thank_you' : 'checkout';
    expect(fetched).toHaveBeenCalledTimes(1);
    const [url, request] = fetched.mock.calls[0]!;
    expect(url).toBe(`https://mostrador.example/p/shopify/links?step=${step}&locale=${locale}`);
    expect(request).toMatchObject({method: 'GET', headers: {Authorization: 'Bearer mock-session-token'}});
    if (locale === 'es') keep(`checkout-${target}`);
  });

  test.each([
    ['refuses', () => json({message: 'no'}, 401)],
    ['breaks', () => json({}, 503)],
    ['knows no store', () => json({}, 404)],
    ['says nothing readable', () => ({ok: true, json: async () => JSON.parse('<html>')})],
    ['says something else', () => json({links: 'none'})],
    ['says nothing at all', () => json(null)],
    ['is not reachable', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('shows nothing when the counter %s', async (_, how) => {
    prepare(target);
    page.answer(how);
    await page.render();
    await settle();
    expect(isEmpty()).toBe(true);
  });

  test('shows nothing when there is no session token', async () => {
    prepare(target);
    const fetched = page.answer(() => json(HELP));
    page.shopify.sessionToken.get = () => Promise.reject(new Error('no token'));
    await page.render();
    await settle();
    expect(isEmpty()).toBe(true);
    expect(fetched).not.toHaveBeenCalled();
  });

  test('shows nothing while the network is slow, and nothing when it was too slow', async () => {
    vi.useFakeTimers();
    prepare(target);
    let arrive: (answer: unknown) => void = () => {};
    page.answer(() => new Promise((done) => (arrive = done)));
    await page.render();
    await vi.advanceTimersByTimeAsync(7999);
    expect(isEmpty()).toBe(true);
    await vi.advanceTimersByTimeAsync(2);
    arrive(json(HELP));
    await vi.advanceTimersByTimeAsync(1);
    expect(isEmpty()).toBe(true);
  });

  test('makes no link of an address that is not a web page', async () => {
    prepare(target);
    const links = ['javascript:alert(1)', 'http://mostrador.example/', 'data:text/html,x', '/cart', null].map(
      (url, at) => ({article_id: `a${at}`, title: 'Trap', url}),
    );
    page.answer(() => json({hub_url: HELP.hub_url, links: [...links, HELP.links[0]]}));
    await page.render();
    await settle();
    expect(all('s-link').map((one) => one.getAttribute('href'))).toEqual([HELP.links[0]!.url, HELP.hub_url]);
  });

  test('shows a title as text, whatever stands in it', async () => {
    prepare(target);
    const title = '<img src=x onerror=alert(1)> & "more"';
    page.answer(() => json({...HELP, links: [{...HELP.links[0], title}]}));
    await page.render();
    await settle();
    expect(texts('s-link')[0]).toBe(title);
    expect(all('img')).toHaveLength(0);
  });
});

test('where header and footer stand on one page, there are not two landmarks of one name', async () => {
  const named = [];
  for (const place of PLACES) {
    prepare(`purchase.checkout.${place}`);
    page.answer(() => json(HELP));
    await page.render();
    await settle();
    named.push(...all('[accessibilityRole]').map((one) => [one.getAttribute('accessibilityRole'), one.getAttribute('accessibilityLabel')]));
    page.close();
  }
  expect(named).toEqual([['navigation', readWords('mostrador-checkout', 'es').heading]]);
  prepare('purchase.checkout.block.render');
});

describe.each(PLACES)('%s, while the shopper goes on', (place) => {
  test('asks once per step and shows what fits the step', async () => {
    prepare(`purchase.checkout.${place}`);
    const fetched = page.answer((url) =>
      json({...HELP, links: [{...HELP.links[0], title: new URL(url).searchParams.get('step')}]}),
    );
    page.shopify.buyerJourney.activeStep.value = {handle: 'information', label: '', to: ''};
    await page.render();
    await settle();
    expect(texts('s-link')[0]).toBe('contact');
    page.shopify.buyerJourney.activeStep.set({handle: 'payment', label: '', to: ''});
    page.shopify.buyerJourney.activeStep.set({handle: 'payment', label: '', to: ''});
    expect(texts('s-link')[0]).toBe('contact'); // the old ones stay until the new ones are there
    await settle();
    expect(texts('s-link')[0]).toBe('payment');
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  test('drops the answer for a step that is over', async () => {
    prepare(`purchase.checkout.${place}`);
    const waiting: Record<string, (answer: unknown) => void> = {};
    page.answer((url) => new Promise((done) => (waiting[new URL(url).searchParams.get('step')!] = done)));
    page.shopify.buyerJourney.activeStep.value = {handle: 'shipping', label: '', to: ''};
    await page.render();
    await settle();
    page.shopify.buyerJourney.activeStep.set({handle: 'payment', label: '', to: ''});
    await settle();
    const named = (title: string) => json({...HELP, links: [{...HELP.links[0], title}]});
    waiting.payment!(named('new'));
    await settle();
    waiting.shipping!(named('old'));
    await settle();
    expect(texts('s-link')[0]).toBe('new');
  });
});

describe.each(['purchase.checkout.block.render', 'purchase.thank-you.block.render'] as const)('%s', (target) => {
  test('bears the merchant’s heading, or our words where there is none', async () => {
    for (const [set, shown] of [
      ['Ayuda de Barro', 'Ayuda de Barro'],
      ['   ', readWords('mostrador-checkout', 'es').heading],
      [undefined, readWords('mostrador-checkout', 'es').heading],
    ]) {
      prepare(target);
      page.answer(() => json(HELP));
      page.shopify.settings = signal({heading: set});
      await page.render();
      await settle();
      expect(document.body.querySelector('s-section')!.getAttribute('heading')).toBe(shown);
      page.close();
    }
    prepare(target);
  });

  test('shows the merchant who arranges the checkout where it will stand', async () => {
    prepare(target);
    page.answer(() => json({}, 503));
    page.shopify.extension = {...page.shopify.extension, target, editor: {type: 'checkout'}};
    await page.render();
    await settle();
    expect(texts('s-text')).toEqual([readWords('mostrador-checkout', 'es').preview]);
  });

  test('shows the way to all answers where no single one fits', async () => {
    prepare(target);
    page.answer(() => json({...HELP, links: []}));
    await page.render();
    await settle();
    expect(texts('s-link')).toEqual([readWords('mostrador-checkout', 'es').hub]);
    expect(all('s-unordered-list')).toHaveLength(0);
  });
});
