import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {keep, LOCALES, open, readWords, signal} from './harness';

const TARGETS = ['purchase.checkout.chat.render', 'purchase.thank-you.chat.render'] as const;
let page: ReturnType<typeof open>;

beforeEach(() => vi.useRealTimers());
afterEach(() => page.close());

async function begin(target: (typeof TARGETS)[number], change: (shopify: any) => void = () => {}) {
  page = open('mostrador-chat', target, 'es');
  page.shopify.cost.totalAmount = signal({amount: 125800, currencyCode: 'COP'});
  page.shopify.checkoutToken = signal('cn_1');
  change(page.shopify);
  await page.render();
  const chat = document.body.querySelector('s-chat') as any;
  const post = vi.fn();
  chat.contentWindow = {postMessage: post};
  return {chat, post, ready: () => chat.dispatchEvent(new Event('ready'))};
}

describe.each(TARGETS)('%s', (target) => {
  test.each(LOCALES)('shows the chat alone, named in %s, as small as its bubble', async (locale) => {
    page = open('mostrador-chat', target, locale);
    await page.render();
    expect(document.body.children).toHaveLength(1);
    const chat = document.body.querySelector('s-chat')!;
    expect(chat.id).toBe('mostrador-chat');
    expect(chat.getAttribute('accessibilityLabel')).toBe(readWords('mostrador-chat', locale).label);
    expect([chat.getAttribute('inlineSize'), chat.getAttribute('blockSize')]).toEqual(['224px', '72px']);
    expect(chat.hasAttribute('src')).toBe(false);
    if (locale === 'es') keep('chat');
  });

  test('says nothing before the page inside is ready, and what is true then', async () => {
    const {post, ready} = await begin(target);
    expect(post).not.toHaveBeenCalled();
    ready();
    expect(post).toHaveBeenCalledTimes(1);
    expect(post.mock.calls[0]![0]).toMatchObject({
      type: 'mostrador:context',
      basket: '125800.00 COP',
      checkout_token: 'cn_1',
      locale: 'es',
    });
  });

  test('tells the basket again when it changes, and nothing twice', async () => {
    const {post, ready} = await begin(target);
    ready();
    page.shopify.cost.totalAmount.set({amount: 125800, currencyCode: 'COP'});
    expect(post).toHaveBeenCalledTimes(1);
    page.shopify.cost.totalAmount.set({amount: 99000.5, currencyCode: 'COP'});
    expect(post.mock.calls.map(([one]) => one.basket)).toEqual(['125800.00 COP', '99000.50 COP']);
  });

  test('tells a page that was loaded again everything', async () => {
    const {post, ready} = await begin(target);
    ready();
    ready();
    expect(post).toHaveBeenCalledTimes(2);
    expect(post.mock.calls[1]).toEqual(post.mock.calls[0]);
  });

  test('shows the chat without a checkout token and without a basket', async () => {
    const {post, ready} = await begin(target, (shopify) => {
      shopify.checkoutToken = signal(undefined);
      shopify.cost.totalAmount = signal(undefined);
    });
    ready();
    expect(post.mock.calls[0]![0]).toMatchObject({basket: '', checkout_token: ''});
  });
});

test.each([
  ['cart', 'cart', ['cart']],
  ['checkout', 'checkout', ['checkout']],
  ['information', 'contact', ['checkout', 'contact']],
  ['shipping', 'shipping', ['checkout', 'shipping']],
  ['payment', 'payment', ['checkout', 'payment']],
  ['review', 'review', ['checkout', 'review']],
  ['unknown', 'checkout', ['checkout']],
  ['something-new', 'checkout', ['checkout']],
])('Shopify’s step %s is our %s', async (handle, step, steps) => {
  const {post, ready} = await begin('purchase.checkout.chat.render');
  page.shopify.buyerJourney.activeStep.value = {handle, label: handle, to: ''};
  ready();
  expect(post.mock.calls[0]![0]).toMatchObject({step, steps, order: ''});
});

test('the chat hears that the shopper goes on to pay', async () => {
  const {post, ready} = await begin('purchase.checkout.chat.render');
  ready();
  page.shopify.buyerJourney.activeStep.set({handle: 'payment', label: 'Pago', to: ''});
  expect(post.mock.calls.map(([one]) => one.step)).toEqual(['checkout', 'payment']);
});

test('after the payment the order is named, also when it is known only later', async () => {
  const {post, ready} = await begin('purchase.thank-you.chat.render', (shopify) => {
    shopify.orderConfirmation = signal(undefined);
  });
  ready();
  page.shopify.orderConfirmation.set({order: {id: 'gid://shopify/OrderIdentity/5001'}, isFirstOrder: false});
  expect(post.mock.calls.map(([one]) => [one.step, one.order])).toEqual([
    ['thank_you', ''],
    ['thank_you', 'gid://shopify/OrderIdentity/5001'],
  ]);
});
