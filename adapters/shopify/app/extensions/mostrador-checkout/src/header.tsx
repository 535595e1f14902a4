import {render} from 'preact';
import {Away, Hub} from '../../../shared/help';
import {follow} from './follow';

/** One line under the header: the first answer of this step, and the way to all of them. */
export default function showHeader(): void {
  const words = shopify.i18n.translate;
  follow(shopify, (help) =>
    render(
      help && (
        <s-stack direction="inline" gap="base">
          {help.links.slice(0, 1).map((link) => (
            <Away key={link.article_id} url={link.url} title={link.title} words={words} />
          ))}
          <Hub help={help} words={words} />
        </s-stack>
      ),
      document.body,
    ),
  );
}
