import {render} from 'preact';
import {listen} from '../../../shared/listen';
import {readStep} from '../../../shared/steps';

/** The bubble as it stands there at first; the page inside asks for more room when somebody opens it. */
const SIZE = {inlineSize: '224px', blockSize: '72px'} as const;

type ThankYou = import('@shopify/ui-extensions/purchase.thank-you.chat.render').Api;

interface Embedded {
  contentWindow: {postMessage(message: unknown): void};
}

/** Draws the chat's page, and tells it where the shopper is. It believes none of it: its proof is Shopify's token. */
export default function showChat(): void {
  let embedded: Embedded | undefined;
  let told = '';

  const tell = () => {
    const context = readContext();
    const text = JSON.stringify(context);
    if (!embedded || text === told) return;
    told = text;
    embedded.contentWindow.postMessage(context);
  };

  const meet = (event: {currentTarget: unknown}) => {
    embedded = event.currentTarget as Embedded;
    told = ''; // a page that was loaded again knows nothing yet
    tell();
  };

  render(
    <s-chat id="mostrador-chat" accessibilityLabel={shopify.i18n.translate('label')} onReady={meet} {...SIZE} />,
    document.body,
  );
  listen(
    [
      shopify.buyerJourney.activeStep,
      shopify.cost.totalAmount,
      shopify.checkoutToken,
      shopify.localization.language,
      readConfirmation(),
    ],
    tell,
  );
}

function readContext(): object {
  const step = readStep(shopify);
  const total = shopify.cost.totalAmount.value;
  return {
    type: 'mostrador:context',
    step,
    steps: step === 'thank_you' || step === 'cart' || step === 'checkout' ? [step] : ['checkout', step],
    basket: total ? `${total.amount.toFixed(2)} ${total.currencyCode}` : '',
    order: readConfirmation()?.value?.order.id ?? '',
    checkout_token: shopify.checkoutToken.value ?? '',
    locale: shopify.localization.language.value.isoCode,
  };
}

/** Only the thank-you page knows an order. */
function readConfirmation(): ThankYou['orderConfirmation'] | undefined {
  return shopify.extension.target === 'purchase.thank-you.chat.render' ? (shopify as ThankYou).orderConfirmation : undefined;
}
