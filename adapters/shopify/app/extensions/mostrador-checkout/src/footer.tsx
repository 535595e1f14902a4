import {render} from 'preact';
import {Away, Hub} from '../../../shared/help';
import {follow} from './follow';

/** The answers of this step in a row under the page. */
export default function showFooter(): void {
  const words = shopify.i18n.translate;
  follow(shopify, (help) =>
    render(
      help && (
        <s-stack direction="inline" gap="base" accessibilityRole="navigation" accessibilityLabel={words('heading')}>
          <s-text type="strong">{words('heading')}</s-text>
          {help.links.map((link) => (
            <Away key={link.article_id} url={link.url} title={link.title} words={words} />
          ))}
          <Hub help={help} words={words} />
        </s-stack>
      ),
      document.body,
    ),
  );
}
