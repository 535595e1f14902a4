// The page inside checkout's chat frame. Who asks is in the token that App Bridge gives; what the extension tells (step,
// basket, order) is a hint for the server to weigh. No cookie; nothing opens by itself.
const TOKEN_MS = 240_000 // it is good for five minutes
const PROOF_MS = 600_000 // a proof of an order is good for fifteen
const PATIENCE_MS = 10_000
const AGAIN_MS = [3000, 15_000, 60_000]
const WORDS = {
  en: ['Help', 'Chat is not available right now.', 'See the help pages', '(opens in a new tab)'],
  es: ['Ayuda', 'El chat no está disponible ahora.', 'Ver la ayuda', '(se abre en otra pestaña)'],
  pt: ['Ajuda', 'O chat não está disponível agora.', 'Ver a ajuda', '(abre em outra aba)'],
}

const main = document.querySelector('main')
let context = { step: '', steps: [], basket: '', order: '', checkout_token: '', locale: '' }
let bridge, mounted, token, tokenAt, sessionAt, proven, running, wanted
let failures = 0

const meta = name => document.querySelector(`meta[name=mostrador-${name}]`).content
const pause = ms => new Promise(done => setTimeout(done, ms))

const findBridge = async () => {
  for (let waited = 0; !window.shopify?.idToken; waited += 50) {
    if (waited > PATIENCE_MS) throw new Error('App Bridge did not come')
    await pause(50)
  }
  if (bridge) return
  bridge = shopify
  const port = bridge.extension?.port
  port?.addEventListener('message', e => hear(e.data))
  port?.start()
}

// --- the session ---

const findToken = async () => {
  await findBridge()
  if (token && Date.now() - tokenAt < TOKEN_MS) return
  token = await Promise.race([bridge.idToken(), pause(PATIENCE_MS)])
  tokenAt = Date.now()
  if (!token) throw new Error('App Bridge gave no token')
}

const askSession = async again => {
  await findToken()
  wanted = false
  const answer = await fetch('session', {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(context),
    credentials: 'omit',
    signal: AbortSignal.timeout?.(PATIENCE_MS),
  })
  if (answer.ok) return answer.json()
  token = '' // refused: it may have been a moment too old
  if (answer.status === 401 && !again) return askSession(true)
  throw new Error('session: ' + answer.status)
}

const speak = (...wishes) => {
  const wish = [context.locale, window.shopify?.config?.locale, ...wishes].find(w => /^(es|en|pt)(?![a-z])/i.test(w)) || 'en'
  const locale = wish.slice(0, 2).toLowerCase()
  document.documentElement.lang = locale
  document.title = main.firstElementChild.textContent = WORDS[locale][0]
  return locale
}

const use = async session => {
  const { store, api, accent, proof, steps, basket } = session
  const told = { api, accent, proof: proof || '', steps, locale: speak(session.locale), basket: basket || context.basket || '' }
  proven = !!proof
  if (mounted) return mounted.update(told)
  const { mountDocument } = await import(session.document || meta('document'))
  main.querySelector('a')?.remove()
  mounted = mountDocument({ ...told, root: main, store, onOpen, onClose })
  fit()
}

/** One at a time; what changed meanwhile is asked for afterwards. */
const renew = async () => {
  wanted = true
  if (running) return
  running = true
  try {
    while (wanted) await use(await askSession())
    sessionAt = Date.now()
    failures = 0
  } catch {
    if (failures < AGAIN_MS.length) setTimeout(renew, AGAIN_MS[failures++])
    tellTrouble()
  }
  running = false
}

// --- what is seen ---

const onOpen = () => {
  main.className = 'open'
  // right after the payment not even Shopify's own API can tell about the order
  if (Date.now() - sessionAt > PROOF_MS || (context.order && !proven)) renew()
}
const onClose = () => (main.className = '')

/** A chat that is there goes on with what it has. Else, quietly, where help is. */
const tellTrouble = () => {
  const href = meta('help')
  if (mounted || main.querySelector('a') || !/^https?:/.test(href)) return
  const [, sorry, see, tab] = WORDS[speak(navigator.language)]
  const link = document.createElement('a')
  const more = document.createElement('u')
  more.textContent = see
  link.append(sorry + ' ', more)
  main.append(Object.assign(link, { href, target: '_blank', rel: 'noopener noreferrer', ariaLabel: `${sorry} ${see} ${tab}` }))
  fit()
}

/** Checkout shows as much of this window as we ask for: never more than is drawn. Of nothing, browsers draw nothing anew. */
const fit = () => {
  const { width, height } = main.getBoundingClientRect()
  if (width && height) window.resizeTo?.(Math.ceil(width), Math.ceil(height))
}
new ResizeObserver(fit).observe(main)

// --- what the extension tells ---

/** Only what has the shape of a context, and of that only what we know. */
const hear = data => {
  if (data?.type !== 'mostrador:context') return
  const before = context
  context = { ...before }
  for (const name of ['step', 'basket', 'order', 'checkout_token', 'locale'])
    if (typeof data[name] === 'string' && data[name].length < 256) context[name] = data[name]
  if (Array.isArray(data.steps)) context.steps = data.steps.filter(step => /^[a-z][a-z_-]{0,39}$/.test(step)).slice(0, 8)
  mounted?.update({ basket: context.basket })
  const weighty = all => JSON.stringify({ ...all, basket: 0 })
  if (weighty(before) !== weighty(context)) renew()
}
addEventListener('message', e => e.source === parent && parent !== window && /^https:/.test(e.origin) && hear(e.data))
addEventListener('online', () => mounted || renew())
renew()
