/** How the counter calls the pages of the purchase that Shopify names in `buyerJourney.activeStep`. */
const STEPS: Record<string, string> = {
  cart: 'cart',
  information: 'contact',
  shipping: 'shipping',
  payment: 'payment',
  review: 'review',
  'thank-you': 'thank_you',
};

interface Journey {
  extension: {target: string};
  buyerJourney: {activeStep: {value: {handle: string} | undefined}};
}

/** The step the shopper is on. The thank-you page is known by its target; a checkout on one page is `checkout`. */
export function readStep(api: Journey): string {
  if (api.extension.target.startsWith('purchase.thank-you.')) return 'thank_you';
  return STEPS[api.buyerJourney.activeStep.value?.handle ?? ''] ?? 'checkout';
}
