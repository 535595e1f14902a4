import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {all, json, keep, LOCALES, open, readWords, settle, signal, texts} from './harness';

const TARGET = 'customer-account.order-status.block.render';
const HELP = {
  hub_url: 'https://mostrador.example/help/st_1/es/',
  links: [{article_id: 'late', title: '¿Y si mi pedido se retrasa?', url: 'https://mostrador.example/help/st_1/es/late'}],
};
const event = (label: string, occurred_at: string | null, location: string | null = null) => ({label, occurred_at, location});
const ORDER = {
  number: '#1001',
  status: 'processing',
  status_label: 'En camino',
  shipments: [
    {
      carrier: 'Servientrega',
      tracking_number: '2104567890',
      tracking_url: 'https://carrier.example/2104567890',
      status: 'out_for_delivery',
      status_label: 'En reparto',
      events: [
        event('Recogido', '2026-11-18T15:00:00Z', 'Bogotá'),
        event('En camino', '2026-11-19T09:00:00Z', 'Bogotá'),
        event('En la ciudad', '2026-11-20T22:00:00Z', 'Medellín'),
        event('En reparto', '2026-11-21T13:30:00Z', 'Medellín'),
      ],
    },
    {carrier: null, tracking_number: null, tracking_url: null, status: 'label_created', status_label: 'Etiqueta creada', events: []},
  ],
};
let page: ReturnType<typeof open>;

beforeEach(() => vi.useRealTimers());
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

function prepare(locale: (typeof LOCALES)[number] = 'es', state = 'fully_authenticated') {
  page = open('mostrador-order-status', TARGET, locale);
  page.shopify.order = signal({id: 'gid://shopify/Order/5001', name: '#1001', confirmationNumber: 'XYZ123'});
  page.shopify.checkoutToken = signal('cn_1');
  page.shopify.authenticationState = signal(state);
  page.shopify.localization.timezone = signal('America/Bogota');
  return page;
}
const answers = (order: unknown, help: unknown = json(HELP)) =>
  page.answer((url) => (url.includes('/order') && !url.includes('/links') ? order : help));
const orderCalls = (fetched: ReturnType<typeof answers>) => fetched.mock.calls.filter(([url]) => url.endsWith('/p/shopify/order'));

describe.each(LOCALES)('in %s', (locale) => {
  const words = readWords('mostrador-order-status', locale);

  test('a signed-in shopper sees every parcel, newest events first, and the answers that fit', async () => {
    prepare(locale);
    const fetched = answers(json({order: ORDER, redacted: false}));
    await page.render();
    await settle();
    expect(document.body.querySelector('s-section')!.getAttribute('heading')).toBe(words.heading);
    expect(texts('s-text')[0]).toBe('En camino');
    expect(texts('s-heading')[0]).toBe(words.parcel!.replace('{{number}}', '1').replace('{{total}}', '2'));
    expect(texts('s-list-item').map((one) => one!.split(' · ')[0])).toEqual(['En reparto', 'En la ciudad', 'En camino', 'Recogido']);
    expect(all('s-details s-list-item')).toHaveLength(1);
    expect(all('s-time')[0]!.getAttribute('dateTime')).toBe('2026-11-21T13:30:00Z');
    expect(texts('s-time')[0]).toContain('8:30'); // Bogotá is five hours behind
    const links = all('s-link');
    expect(links.map((one) => one.getAttribute('href'))).toEqual([
      ORDER.shipments[0]!.tracking_url,
      HELP.links[0]!.url,
      HELP.hub_url,
    ]);
    expect(links.every((one) => one.getAttribute('target') === '_blank')).toBe(true);
    const [, request] = orderCalls(fetched)[0]!;
    expect(request).toMatchObject({method: 'POST', headers: {Authorization: 'Bearer mock-session-token', 'Content-Type': 'application/json'}});
    expect(JSON.parse(request.body as string)).toEqual({
      order: 'gid://shopify/Order/5001',
      confirmation_number: 'XYZ123',
      checkout_token: 'cn_1',
      locale,
    });
    if (locale === 'es') keep('order-status');
  });

  test('who came by the link of a mail sees the status alone, whatever the counter answered', async () => {
    prepare(locale, 'pre_authenticated');
    answers(json({order: ORDER, redacted: false}));
    const login = vi.fn(async () => {});
    page.shopify.requireLogin = login;
    await page.render();
    await settle();
    const shown = document.body.textContent!;
    expect(shown).toContain('En camino');
    for (const secret of ['Servientrega', '2104567890', 'Medellín', 'Recogido', 'carrier.example'])
      expect(document.body.innerHTML).not.toContain(secret);
    expect(all('s-time')).toHaveLength(0);
    const signIn = all('s-link').find((one) => one.textContent === words.sign_in)!;
    expect(signIn.hasAttribute('href')).toBe(false);
    signIn.dispatchEvent(new Event('click'));
    expect(login).toHaveBeenCalledTimes(1);
    if (locale === 'es') keep('order-status-link');
  });
});

test('who closes the sign-in stays where they are', async () => {
  prepare('es', 'pre_authenticated');
  answers(json({order: ORDER, redacted: true}));
  let asked = 0; // no vi.fn: that would catch what must be caught by the page
  page.shopify.requireLogin = async () => {
    asked++;
    throw new Error('dismissed');
  };
  await page.render();
  await settle();
  const shown = document.body.innerHTML;
  all('s-link')[0]!.dispatchEvent(new Event('click'));
  await settle();
  expect(asked).toBe(1);
  expect(document.body.innerHTML).toBe(shown);
});

test('two parcels under one number are two parcels', async () => {
  prepare();
  const parcel = ORDER.shipments[0]!;
  const warned = vi.spyOn(console, 'error');
  answers(json({order: {...ORDER, shipments: [parcel, {...parcel, status_label: 'Listo para recoger'}]}}));
  await page.render();
  await settle();
  expect(texts('s-heading').slice(0, 2)).toEqual(['Paquete 1 de 2', 'Paquete 2 de 2']);
  expect(document.body.textContent).toContain('Listo para recoger · Servientrega 2104567890');
  expect(warned).not.toHaveBeenCalled();
});

test.each(['Cancelado', 'Devuelto a la tienda', 'Listo para recoger'])('an order that is "%s" says so under a heading that fits', async (label) => {
  prepare();
  answers(json({order: {...ORDER, status_label: label, shipments: []}}), json({}, 503));
  await page.render();
  await settle();
  expect(document.body.querySelector('s-section')!.getAttribute('heading')).toBe('Seguimiento de tu pedido');
  expect(texts('s-text')).toEqual([label]);
});

test('after signing in the order is asked for again and shown whole', async () => {
  prepare('es', 'pre_authenticated');
  const fetched = answers(json({order: ORDER, redacted: false}));
  await page.render();
  await settle();
  page.shopify.authenticationState.set('fully_authenticated');
  await settle();
  expect(orderCalls(fetched)).toHaveLength(2);
  expect(document.body.textContent).toContain('2104567890');
});

test.each([
  ['refuses', () => json({}, 401)],
  ['breaks', () => json({}, 503)],
  ['says nothing readable', () => ({ok: true, json: async () => JSON.parse('<')})],
  ['says something else', () => json({nothing: 1})],
  ['is not reachable', () => Promise.reject(new TypeError('Failed to fetch'))],
])('nothing is shown when the counter %s', async (_, how) => {
  vi.useFakeTimers();
  prepare();
  page.answer(how);
  await page.render();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(all('*')).toHaveLength(0);
});

test('an order nobody may see leaves the answers, and is asked for once more, not for ever', async () => {
  vi.useFakeTimers();
  prepare();
  const fetched = answers(json({message: 'There is no such order.'}, 404));
  await page.render();
  await vi.advanceTimersByTimeAsync(3000);
  expect(orderCalls(fetched)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(orderCalls(fetched)).toHaveLength(2);
  expect(document.body.querySelector('s-section')!.getAttribute('heading')).toBe(readWords('mostrador-order-status', 'es').questions);
  expect(texts('s-link')).toEqual([HELP.links[0]!.title, readWords('mostrador-order-status', 'es').hub]);
});

test('an order that Shopify knows only after a moment is shown then', async () => {
  vi.useFakeTimers();
  prepare();
  let calls = 0;
  page.answer((url) => (url.includes('links') ? json(HELP) : calls++ ? json({order: ORDER}) : json({}, 404)));
  await page.render();
  await vi.advanceTimersByTimeAsync(5000);
  expect(document.body.textContent).toContain('2104567890');
});

test('an order that is not processed yet is asked for when it is there', async () => {
  prepare();
  page.shopify.order = signal(undefined);
  const fetched = answers(json({order: ORDER}));
  await page.render();
  await settle();
  expect(orderCalls(fetched)).toHaveLength(0);
  page.shopify.order.set({id: 'gid://shopify/Order/5001', name: '#1001', confirmationNumber: undefined});
  await settle();
  expect(orderCalls(fetched)).toHaveLength(1);
  expect(document.body.textContent).toContain('Servientrega');
});

test('a slow order does not hold back the answers, and comes too late without a trace', async () => {
  vi.useFakeTimers();
  prepare();
  page.answer((url) => (url.includes('links') ? json(HELP) : new Promise(() => {})));
  await page.render();
  await vi.advanceTimersByTimeAsync(10);
  expect(texts('s-link')[0]).toBe(HELP.links[0]!.title);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(document.body.textContent).not.toContain('Servientrega');
});

test('a carrier’s address that is no web page is no link, and odd events do not break the page', async () => {
  prepare();
  const parcel = {...ORDER.shipments[0], tracking_url: 'javascript:alert(1)', events: [event('Sin fecha', null), event('<b>x</b>', '2026-11-20T10:00:00Z')]};
  answers(json({order: {...ORDER, shipments: [parcel]}}), json({}, 503));
  await page.render();
  await settle();
  expect(all('s-link')).toHaveLength(0);
  expect(all('b')).toHaveLength(0);
  expect(texts('s-list-item').map((one) => one!.trim().split(' ')[0])).toEqual(['<b>x</b>', 'Sin']);
});
