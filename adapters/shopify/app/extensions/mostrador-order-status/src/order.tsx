import {render} from 'preact';
import {ask} from '../../../shared/ask';
import {askHelp, type Help} from '../../../shared/help';
import {listen} from '../../../shared/listen';
import {Questions, SignIn, Status, type Order} from './views';

/** Milliseconds until a fresh order is asked for once more: at first not even Shopify can tell about it. */
const AGAIN = 4000;

interface Shown {
  order: Order | null;
  help: Help | null;
}

/**
 * The way of every parcel, and the answers that fit. Who came by the link of a mail is nobody known: they see the
 * status alone, and a way to sign in.
 */
export default function showOrder(): void {
  const shown: Shown = {order: null, help: null};
  let wanted = '';

  const draw = () => render(<Page {...shown} known={isKnown()} />, document.body);

  listen([shopify.order, shopify.authenticationState], async () => {
    const asked = `${shopify.order.value?.id ?? ''} ${shopify.authenticationState.value}`;
    if (asked === wanted) return;
    wanted = asked;
    const order = await askOrder(() => asked === wanted);
    if (asked !== wanted) return;
    shown.order = order;
    draw();
  });
  void askHelp(shopify, 'order_status').then((help) => {
    shown.help = help;
    draw();
  });
}

function isKnown(): boolean {
  return shopify.authenticationState.value === 'fully_authenticated';
}

async function askOrder(wanted: () => boolean): Promise<Order | null> {
  const order = shopify.order.value;
  if (!order) return null;
  const body = {
    order: order.id,
    confirmation_number: order.confirmationNumber ?? '',
    checkout_token: shopify.checkoutToken.value ?? '',
    locale: shopify.localization.extensionLanguage.value.isoCode,
  };
  const first = await ask<{order: Order}>(shopify, 'order', body);
  if (first) return first.order;
  await new Promise((done) => setTimeout(done, AGAIN));
  return wanted() ? ((await ask<{order: Order}>(shopify, 'order', body))?.order ?? null) : null;
}

function Page({order, help, known}: Shown & {known: boolean}) {
  const words = shopify.i18n.translate;
  if (!order && !help) return null;
  return (
    <s-section heading={words(order ? 'heading' : 'questions')}>
      <s-stack gap="base">
        {order && <Status order={order} whole={known} words={words} time={formatTime} />}
        {order && !known && <SignIn words={words} ask={signIn} />}
        {help && <Questions help={help} heading={order ? words('questions') : ''} words={words} />}
      </s-stack>
    </s-section>
  );
}

/** Who does not sign in after all stays where they are. */
function signIn(): void {
  shopify.requireLogin().catch(() => {});
}

/** A moment as the reader writes it, in the time zone the page itself uses. */
function formatTime(moment: string): string {
  return shopify.i18n.formatDate(new Date(moment), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: shopify.localization.timezone.value,
  });
}
