"""Small stand-ins for Shopify's own scripts, for trying the app in a browser without Shopify.

They speak with the page around the frame (`pages`) and give what ours ask for: session tokens, the list of extensions,
the way back from the bounce page, a port to the extension. Served under the paths of Shopify's CDN.
"""

from __future__ import annotations

_ASK = """
  const home = new URL(document.currentScript.src).origin;
  const waiting = new Map();
  let last = 0;
  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== home || !waiting.has(event.data?.answerTo)) return;
    waiting.get(event.data.answerTo)(event.data.value);
    waiting.delete(event.data.answerTo);
  });
  const ask = (what) => new Promise((done, fail) => {
    const number = (last += 1);
    waiting.set(number, done);
    setTimeout(() => fail(new Error("The fake Shopify did not answer.")), 10000);
    parent.postMessage({ fakeShopify: what, number }, home);
  });
"""

APP_BRIDGE = f"""// A stand-in for App Bridge in the admin.
(() => {{{_ASK}
  const query = new URLSearchParams(location.search);
  window.shopify = {{
    config: {{
      apiKey: document.querySelector("meta[name=shopify-api-key]")?.content ?? "",
      shop: query.get("shop") ?? "", locale: query.get("locale") ?? "es",
    }},
    idToken: () => ask("idToken"),
    app: {{ extensions: () => ask("extensions") }},
    toast: {{ show: (words) => ask("toast:" + words) }},
    loading: () => {{}},
  }};
  const plain = window.fetch;
  window.fetch = async (input, init = {{}}) => {{
    const answer = await plain(input, init);
    if (answer.headers.get("X-Shopify-Retry-Invalid-Session-Request") !== "1") return answer;
    const headers = new Headers(init.headers);
    headers.set("Authorization", "Bearer " + (await window.shopify.idToken()));
    return plain(input, {{ ...init, headers }});
  }};
  const back = query.get("shopify-reload");
  if (back) window.shopify.idToken().then((token) => {{
    const address = new URL(back, location.origin);
    address.searchParams.set("id_token", token);
    if (address.origin === location.origin) location.replace(address);
  }});
}})();
"""

CHECKOUT_BRIDGE = f"""// A stand-in for App Bridge for checkout.
(() => {{{_ASK}
  const query = new URLSearchParams(location.search);
  const channel = new MessageChannel();
  window.shopify = {{
    config: {{ locale: query.get("locale") ?? "es" }},
    surface: "checkout",
    platform: "browser",
    idToken: () => ask("idToken"),
    extension: {{ handle: query.get("handle") ?? "", port: channel.port1 }},
  }};
  window.resizeTo = (width, height) => parent.postMessage({{ fakeShopify: "resize", width, height }}, home);
  parent.postMessage({{ fakeShopify: "port" }}, home, [channel.port2]);
}})();
"""

POLARIS = "// The fake has no Polaris: the app's pages must stand without it.\n"

FRAME = """// The page around the app's frame: answers what the stand-ins ask.
(() => {
  const frame = document.querySelector("iframe[data-token]");
  if (!frame) return;
  const app = new URL(frame.src).origin;
  const context = frame.dataset.context ? JSON.parse(frame.dataset.context) : null;
  addEventListener("message", async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== app) return;
    const { fakeShopify: what, number, width, height } = event.data ?? {};
    if (what === "port" && context) {
      const port = event.ports[0];
      port.start();
      port.postMessage(context);
      return;
    }
    if (what === "resize") {
      // The frame fills the window, and only a box of the wished size shows it.
      frame.parentElement.style.inlineSize = `${Math.max(1, width)}px`;
      frame.parentElement.style.blockSize = `${Math.max(1, height)}px`;
      return;
    }
    if (typeof what !== "string" || !number) return;
    let value = null;
    if (what === "idToken") value = (await (await fetch(frame.dataset.token)).json()).id_token;
    if (what === "extensions") value = JSON.parse(frame.dataset.extensions ?? "[]");
    if (what.startsWith("toast:")) document.querySelector("[role=status]").textContent = what.slice(6);
    frame.contentWindow.postMessage({ answerTo: number, value }, app);
  });
})();
"""

SCRIPTS = {
    "/shopifycloud/app-bridge.js": APP_BRIDGE,
    "/shopifycloud/polaris.js": POLARIS,
    "/shopifycloud/checkout-web/assets/app-bridge-checkout.js": CHECKOUT_BRIDGE,
    "/frame.js": FRAME,
}
