// Builds plugin/static/widget/: loader.js, <hash>/panel.js, <hash>/locales/*.json. The same sources give the same
// bytes: the hash is of the contents, and no time or path goes in. Fails when a budget is exceeded.
import { build, transform } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = process.argv[2] || join(HERE, '../plugin/static/widget')
const TARGET = 'es2022'
export const LOCALES = ['en', 'es', 'pt']
export const BUDGETS = { 'loader.js': { raw: 5000, br: 2000 }, 'panel.js': { br: 14000 }, locale: { br: 1500 } }

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
const bundle = async (entry, format, define = {}, banner = '') => {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, 'src', entry)], absWorkingDir: HERE, bundle: true, minify: true, write: false, format, define,
    target: TARGET, charset: 'utf8', tsconfigRaw: '{}', legalComments: 'none', plugins: [cssText], banner: { js: banner },
    jsx: 'transform', jsxFactory: 'h', jsxFragment: 'Fragment', supported: { 'dynamic-import': true, 'import-meta': true },
  })
  return Buffer.from(outputFiles[0].contents)
}

const panel = await bundle('panel.ts', 'esm', {}, '/*! contains Preact, (c) 2015-present Jason Miller, MIT licence */')
const locales = {}
for (const name of LOCALES) {
  const words = JSON.parse(await readFile(join(HERE, 'locales', name + '.json'), 'utf8'))
  locales[name] = Buffer.from(JSON.stringify(words) + '\n')
}
const sum = createHash('sha256')
for (const part of [panel, ...Object.values(locales)]) sum.update(`${part.length}:`).update(part)
const hash = sum.digest('hex').slice(0, 12)
const loader = await bundle('loader.ts', 'iife', { PANEL: JSON.stringify(`${hash}/panel.js`) })

const files = { 'loader.js': loader, [`${hash}/panel.js`]: panel }
for (const [name, bytes] of Object.entries(locales)) files[`${hash}/locales/${name}.json`] = bytes

let over = false
for (const [path, bytes] of Object.entries(files)) {
  const budget = BUDGETS[path.split('/').at(-1)] || BUDGETS.locale
  const size = { raw: bytes.length, br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length }
  const broken = Object.keys(budget).filter(k => size[k] > budget[k])
  over ||= broken.length > 0
  console.log(`${broken.length ? 'OVER' : 'ok  '} ${path.padEnd(32)} raw ${size.raw}  br ${size.br}  budget ${JSON.stringify(budget)}`)
}
if (process.env.DUMP) for (const [p, b] of Object.entries(files)) { await mkdir(dirname(join(process.env.DUMP, p)), { recursive: true }); await writeFile(join(process.env.DUMP, p), b) }
if (over) {
  console.error('A budget is exceeded: nothing was written. Make it smaller, or change the promise in docs first.')
  process.exit(1)
}
await mkdir(OUT, { recursive: true })
for (const old of await readdir(OUT)) if (/^[0-9a-f]{12}$/.test(old) && old !== hash) await rm(join(OUT, old), { recursive: true })
for (const [path, bytes] of Object.entries(files)) {
  await mkdir(dirname(join(OUT, path)), { recursive: true })
  await writeFile(join(OUT, path), bytes)
}
