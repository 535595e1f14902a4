"""What a merchant is told when the address they typed does not lead to their shop: what is wrong, and what to do."""

from __future__ import annotations

from plugin.contract import Words

UNREACHABLE = Words(
    "Nothing answers at {place}. Look for a typing error; if the shop opens in your browser, its hosting or firewall "
    "keeps our server out, and your hosting company can let it in."
)
PRIVATE = Words(
    "{place} is an address of your own computer or network: nothing answers there, or our server cannot reach it from "
    "outside. Type the address under which your customers open the shop."
)
CERTIFICATE = Words(
    "The certificate of {place} is not valid: expired, incomplete, or made for another name. Renew it at your hosting "
    "company (most give one for free), then try again."
)
SLOW = Words("{place} takes too long to answer. Try again in a few minutes; if it stays so, ask your hosting company.")
CIRCLE = Words(
    "{place} redirects in a circle, so nobody arrives. In WordPress, under Settings > General, put the same address "
    "into both fields; if that is so already, your hosting company (or Cloudflare's SSL setting) sends visitors back "
    "and forth between http and https."
)
ASTRAY = Words("{place} redirects to an address that is no web page. Correct that redirect, then try again.")
PLAIN = Words(
    "This shop uses plain permalinks, and with those WooCommerce cannot be connected. In WordPress, open Settings > "
    "Permalinks, choose Post name, save, then try again."
)
NO_WOOCOMMERCE = Words(
    "{place} is a WordPress site, but WooCommerce is not active on it. Activate it under Plugins, or type the address "
    "of the shop itself."
)
TOO_OLD = Words("The WooCommerce of {place} is too old. Update it to version 8 or newer under Plugins, then try again.")
SWITCHED_OFF = Words(
    "The REST API of {place} is switched off or closed to visitors, most likely by a security plugin. Allow "
    "/wp-json/ and wc/v3 in that plugin's settings, then try again. The shop says: {told}"
)
HTML = Words(
    "{place} is a WordPress site, but where its data should be it shows a page: a maintenance or coming-soon page, a "
    "cache or a security plugin. Let /wp-json/ through, then try again."
)
NO_WORDPRESS = Words(
    "{place} does not look like a WordPress shop. Type the address under which your shop opens, with its folder if it "
    "has one, for example https://example.com/shop. If it shows a maintenance page just now, try again afterwards."
)
BUSY = Words("{place} answered {status}: it is down or being maintained just now. Try again in a few minutes.")
SLOW_DOWN = Words("{place} turns us away because of too many requests. Try again in a quarter of an hour.")
BLOCKED = Words(
    "{place} answered {status}: a firewall or a security service stands in front of the shop and does not let us in. "
    "Allow requests to /wp-json/ there, then try again."
)
