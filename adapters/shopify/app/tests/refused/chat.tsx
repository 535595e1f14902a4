/// <reference types="@shopify/ui-extensions/purchase.checkout.chat.render" />
// The types are real only if they refuse what Shopify refuses: tsc fails where one of these lines is no error.

// @ts-expect-error The page's address stands in shopify.extension.toml: `<s-chat>` has no `src`.
export const addressed = <s-chat id="chat" src="https://mostrador.example/p/shopify/chat" />;

// @ts-expect-error Sizes are pixels.
export const relative = <s-chat id="chat" inlineSize="100%" />;

// @ts-expect-error Nothing but the chat may stand in a chat target.
export const linked = <s-link href="https://mostrador.example">Help</s-link>;
