import {render} from 'preact';
import {Away, Hub} from '../../../shared/help';
import {follow} from './follow';

/** The answers of this step as a list, wherever the merchant has put the block. */
export default function showBlock(): void {
  const words = shopify.i18n.translate;
  const arranging = 'editor' in shopify.extension && shopify.extension.editor;
  const note = arranging ? <s-text color="subdued">{words('preview')}</s-text> : null;
  render(note, document.body);
  follow(shopify, (help) =>
    render(
      help ? (
        <s-section heading={String(shopify.settings.value.heading ?? '').trim() || words('heading')}>
          <s-stack gap="small">
            {help.links.length > 0 && (
              <s-unordered-list>
                {help.links.map((link) => (
                  <s-list-item key={link.article_id}>
                    <Away url={link.url} title={link.title} words={words} />
                  </s-list-item>
                ))}
              </s-unordered-list>
            )}
            <Hub help={help} words={words} />
          </s-stack>
        </s-section>
      ) : (
        note
      ),
      document.body,
    ),
  );
}
