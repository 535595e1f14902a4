import '@shopify/ui-extensions';

//@ts-ignore
declare module './src/header.tsx' {
  const shopify:
    | import('@shopify/ui-extensions/purchase.checkout.header.render-after').Api
    | import('@shopify/ui-extensions/purchase.thank-you.header.render-after').Api;
  const globalThis: { shopify: typeof shopify };
}

//@ts-ignore
declare module './src/footer.tsx' {
  const shopify:
    | import('@shopify/ui-extensions/purchase.checkout.footer.render-after').Api
    | import('@shopify/ui-extensions/purchase.thank-you.footer.render-after').Api;
  const globalThis: { shopify: typeof shopify };
}

//@ts-ignore
declare module './src/block.tsx' {
  const shopify:
    | import('@shopify/ui-extensions/purchase.checkout.block.render').Api
    | import('@shopify/ui-extensions/purchase.thank-you.block.render').Api;
  const globalThis: { shopify: typeof shopify };
}

//@ts-ignore
declare module './src/follow.ts' {
  const shopify:
    | import('@shopify/ui-extensions/purchase.checkout.header.render-after').Api
    | import('@shopify/ui-extensions/purchase.checkout.footer.render-after').Api
    | import('@shopify/ui-extensions/purchase.checkout.block.render').Api
    | import('@shopify/ui-extensions/purchase.thank-you.header.render-after').Api
    | import('@shopify/ui-extensions/purchase.thank-you.footer.render-after').Api
    | import('@shopify/ui-extensions/purchase.thank-you.block.render').Api;
  const globalThis: { shopify: typeof shopify };
}
