import '@shopify/ui-extensions';

//@ts-ignore
declare module './src/chat.tsx' {
  const shopify:
    | import('@shopify/ui-extensions/purchase.checkout.chat.render').Api
    | import('@shopify/ui-extensions/purchase.thank-you.chat.render').Api;
  const globalThis: { shopify: typeof shopify };
}
