// Builds plugin/static/widget/: loader.js, <hash>/{panel,extras,contact,watch,document}.js, <hash>/locales/*.json. `--flat DIR` builds
// for a host that takes one folder of scripts: mostrador-loader.js, mostrador-{panel,extras,contact,watch}-<hash>.js, all words inside.
// The same sources give the same bytes: the hash is of the contents, and no time or path goes in. Fails when a budget is
// exceeded.
import { build, transform } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const HERE = dirname(fileURLToPath(import.meta.url))
const FLAT = process.argv[2] === '--flat'
const OUT = process.argv[FLAT ? 3 : 2] || (FLAT ? '' : join(HERE, '../plugin/static/widget'))
if (!OUT) {
  console.error('usage: node build.mjs [DIR] | node build.mjs --flat DIR')
  process.exit(2)
}
const TARGET = 'es2022'
const LOCALES = ['en', 'es', 'pt']
// Bytes. `page`: all that the hosted chat page of an adapter makes a browser fetch of ours, to a usable panel. `extras`,
// `contact` and `watch` come later, to who wants them.
const BUDGETS = {
  'loader.js': { raw: 5000, br: 2000 }, 'panel.js': { br: 14000 }, 'document.js': { br: 2500 }, locale: { br: 1500 },
  'extras.js': { br: 9000 }, 'contact.js': { br: 4000 }, 'watch.js': { br: 2000 }, 'mostrador-loader.js': { raw: 10000, br: 2100 }, flat: { br: 16500 }, page: { br: 20000 },
}

/** Style sheets become strings; the constructed sheets need no file and no inline style. */
const cssText = {
  name: 'css-text',
  setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, charset: 'utf8' })
      return { contents: code.trim(), loader: 'text' }
    })
  },
}
/**
 * Of Preact only what functions that draw need. Text is text: its one way to write HTML is not even in the file. And no
 * view has a state of its own, none is a class, nothing hooks in: what is drawn anew is drawn from the top (`drawNow`).
 */
const CUTS = {
  'diff/index': [
    ['newHtml = value;', ';'], ['oldHtml = value;', ';'], ['if (newHtml) {', 'if (false) {'], ["if (oldHtml) dom.innerHTML = '';", ''],
    ['if ((tmp = options._diff)) tmp(newVNode);', ''], ['if ((tmp = options.diffed)) tmp(newVNode);', ''],
    ['if (options._commit) options._commit(root, commitQueue);', ''], ['if (options.unmount) options.unmount(vnode);', ''],
    ['const isClassComponent = newType.prototype && newType.prototype.render;', 'const isClassComponent = false;'],
    ['let renderHook = options._render,', 'let renderHook = false,'],
  ],
  'diff/props': [['options.event ? options.event(e) : e', 'e']],
  'create-element': [['if (original == NULL && options.vnode != NULL) options.vnode(vnode);', '']],
  render: [['if (options._root) options._root(vnode, parentDom);', '']],
  component: [
    [/BaseComponent\.prototype\.setState = [^]*?(?=BaseComponent\.prototype\.render)/g, ''],
    [/let rerenderQueue = \[\];[^]*$/g, 'export function enqueueRender() {}'],
  ],
  'diff/catch-error': [[/export function _catchError[^]*$/g, 'export function _catchError(error) { throw error; }']],
}
const cutPreact = {
  name: 'cut-preact',
  setup(b) {
    b.onLoad({ filter: /preact[/]src[/].*[.]js$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8')
      for (const [part, instead] of CUTS[path.replaceAll('\\', '/').split('/preact/src/')[1].slice(0, -3)] || []) {
        if (contents.split(part).length !== 2) throw new Error(`Preact has changed: ${part}`)
        contents = contents.replace(part, instead)
      }
      return { contents, loader: 'js' }
    })
  },
}
/** The second part of the panel gets Preact from the first: a second copy would have a state of its own. */
const PREACT = { own: 'node_modules/preact/src/index.js', lent: 'src/extras/lent.ts' }
const bundle = async (entry, format, define = {}, banner = '', preact = PREACT.own) => {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'src', entry)], absWorkingDir: HERE, bundle: true, minify: true, write: false, format, define,
    target: TARGET, charset: 'utf8', tsconfigRaw: '{}', legalComments: 'none', plugins: [cssText, cutPreact], banner: { js: banner },
    // Preact from its source: there its inner names are still long words with a `_`, which may become letters here
    alias: { preact: join(HERE, preact) }, mangleProps: /^_[a-z]/,
    jsx: 'transform', jsxFactory: 'h', jsxFragment: 'Fragment', supported: { 'dynamic-import': true, 'import-meta': true },
  })
  return Buffer.from(outputFiles[0].contents)
}

const MIT = '/*! contains Preact, (c) 2015-present Jason Miller, MIT licence */'
const hashOf = parts => {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(`${part.length}:`).update(part)
  return sum.digest('hex').slice(0, 12)
}
const loaderOf = panel => bundle('loader.ts', 'iife', { PANEL: JSON.stringify(panel), SETTINGS_BESIDE: String(FLAT) })

/** What is fetched beside the panel, under the panel's name with another word in it. */
const bundleLater = async () => ({
  extras: await bundle('extras.tsx', 'esm', {}, '', PREACT.lent),
  contact: await bundle('contact.tsx', 'esm', {}, '', PREACT.lent),
  watch: await bundle('watch.ts', 'esm'),
})

/** One folder per build, so that a page from before an update still finds the panel of its time. */
const buildFolders = async () => {
  const panel = await bundle('panel.ts', 'esm', { WORDS_INSIDE: 'false' }, MIT)
  const page = await bundle('document.ts', 'esm')
  const later = await bundleLater()
  const locales = {}
  for (const name of LOCALES) {
    const words = JSON.parse(await readFile(join(HERE, 'locales', name + '.json'), 'utf8'))
    locales[name] = Buffer.from(JSON.stringify(words) + '\n')
  }
  const hash = hashOf([panel, ...Object.values(later), page, ...Object.values(locales)])
  const files = { 'loader.js': await loaderOf(`${hash}/panel.js`) }
  for (const [name, bytes] of Object.entries({ panel, ...later, document: page })) files[`${hash}/${name}.js`] = bytes
  for (const [name, bytes] of Object.entries(locales)) files[`${hash}/locales/${name}.json`] = bytes
  return files
}
const buildFlat = async () => {
  const panel = await bundle('panel.ts', 'esm', { WORDS_INSIDE: 'true' }, MIT)
  const later = await bundleLater()
  const hash = hashOf([panel, ...Object.values(later)])
  const files = { 'mostrador-loader.js': await loaderOf(`mostrador-panel-${hash}.js`) }
  for (const [name, bytes] of Object.entries({ panel, ...later })) files[`mostrador-${name}-${hash}.js`] = bytes
  return files
}

const shrink = bytes => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
let over = false
const weigh = (name, budget, raw, br) => {
  const broken = Object.keys(budget).some(k => ({ raw, br })[k] > budget[k])
  over ||= broken
  console.log(`${broken ? 'OVER' : 'ok  '} ${name.padEnd(34)} raw ${raw}  br ${br}  budget ${JSON.stringify(budget)}`)
}

const files = await (FLAT ? buildFlat() : buildFolders())
const sizes = {}
for (const [path, bytes] of Object.entries(files)) {
  const name = path.split('/').at(-1)
  sizes[name] = shrink(bytes)
  const [, later] = /^mostrador-(extras|contact|watch)-/.exec(name) || []
  weigh(path, BUDGETS[later ? later + '.js' : name] || BUDGETS[FLAT ? 'flat' : 'locale'], bytes.length, sizes[name])
}
const words = Math.max(...LOCALES.map(name => sizes[name + '.json'] || 0))
for (const adapter of FLAT ? [] : await readdir(join(HERE, '../adapters')).catch(() => [])) {
  const folder = join(HERE, '../adapters', adapter, 'static')
  const own = (await readdir(folder).catch(() => [])).filter(name => /^chat\.(html|js|css)$/.test(name))
  if (own.length < 3) continue
  const page = await Promise.all(own.map(name => readFile(join(folder, name))))
  const closed = page.reduce((sum, bytes) => sum + shrink(bytes), sizes['document.js'])
  weigh(`chat page, ${adapter}: the button`, {}, 0, closed)
  weigh(`chat page, ${adapter}: all`, BUDGETS.page, 0, closed + sizes['panel.js'] + words)
}
if (over) {
  console.error('A budget is exceeded: nothing was written. Make it smaller, or change the promise in docs first.')
  process.exit(1)
}
await mkdir(OUT, { recursive: true })
const stale = FLAT ? /^mostrador-(panel|extras|contact|watch)-[0-9a-f]{12}\.js$/ : /^[0-9a-f]{12}$/
for (const old of await readdir(OUT))
  if (stale.test(old) && !Object.keys(files).some(path => path.split('/')[0] === old)) await rm(join(OUT, old), { recursive: true })
for (const [path, bytes] of Object.entries(files)) {
  await mkdir(dirname(join(OUT, path)), { recursive: true })
  await writeFile(join(OUT, path), bytes)
}
