import {askHelp, type Help} from '../../../shared/help';
import {listen} from '../../../shared/listen';
import {readStep} from '../../../shared/steps';

type Checkout = Parameters<typeof askHelp>[0] & Parameters<typeof readStep>[0];

interface Changing {
  buyerJourney: {activeStep: {subscribe(told: () => void): unknown}};
  localization: {extensionLanguage: {subscribe(told: () => void): unknown}};
}

/**
 * Asks for the articles of the step the shopper is on, and again when they go on. The last links stay until the next
 * ones are there; an answer that comes after the shopper has gone on is dropped.
 */
export function follow(api: Checkout & Changing, show: (help: Help | null) => void): void {
  let wanted = '';
  listen([api.buyerJourney.activeStep, api.localization.extensionLanguage], async () => {
    const step = readStep(api);
    const asked = `${step} ${api.localization.extensionLanguage.value.isoCode}`;
    if (asked === wanted) return;
    wanted = asked;
    const help = await askHelp(api, step);
    if (asked === wanted) show(help);
  });
}
