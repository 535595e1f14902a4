import {SERVICE} from './service.js';

/** Milliseconds after which an answer is no longer waited for: nobody pays later because of a link to an article. */
const PATIENCE = 8000;

interface Proving {
  sessionToken: {get(): Promise<string>};
}

/**
 * Asks the counter, with Shopify's session token as the only proof of who asks.
 * `null` is every kind of "no": not reachable, too slow, refused, not readable. The caller then shows nothing.
 */
export async function ask<Answer>(api: Proving, path: string, body?: object): Promise<Answer | null> {
  let bell: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((done) => {
    bell = setTimeout(() => done(null), PATIENCE);
  });
  try {
    return await Promise.race([fetchJson<Answer>(api, path, body), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(bell);
  }
}

async function fetchJson<Answer>(api: Proving, path: string, body?: object): Promise<Answer | null> {
  const headers: Record<string, string> = {Authorization: `Bearer ${await api.sessionToken.get()}`};
  if (body) headers['Content-Type'] = 'application/json';
  const answer = await fetch(`${SERVICE}/p/shopify/${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    body: body && JSON.stringify(body),
  });
  return answer.ok ? await answer.json() : null;
}
