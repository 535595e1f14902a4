/** What the build promises of the files in git. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'

const OUT = ROOT + '/plugin/static/widget/'
const hash = readdirSync(OUT).find(name => /^[0-9a-f]{12}$/.test(name))!
const size = (path: string): number => brotliCompressSync(readFileSync(OUT + path)).length
const read = (path: string): string => readFileSync(OUT + path, 'utf8')

test('the files keep their budgets', () => {
  assert.ok(size('loader.js') <= 2000)
  assert.ok(readFileSync(OUT + 'loader.js').length <= 5000)
  assert.ok(size(hash + '/panel.js') <= 14000)
  assert.ok(size(hash + '/document.js') <= 2500)
  assert.ok(size(hash + '/extras.js') <= 9000)
  assert.ok(size(hash + '/contact.js') <= 4000)
  assert.ok(size(hash + '/watch.js') <= 2000)
  for (const name of ['en', 'es', 'pt']) assert.ok(size(`${hash}/locales/${name}.json`) <= 1500)
})

test('there is one build, and the loader asks for it', () => {
  assert.deepEqual(readdirSync(OUT).filter(name => name !== 'loader.js'), [hash])
  assert.ok(read('loader.js').includes(`"${hash}/panel.js"`))
})

test('the document brings no second panel: it fetches the one beside it', () => {
  const text = read(hash + '/document.js')
  assert.match(text, /"panel\.js"/)
  assert.doesNotMatch(text, /createElementNS|Preact/)
})

test('what comes later borrows Preact, and brings no second one', () => {
  for (const name of ['extras', 'contact', 'watch']) assert.doesNotMatch(read(`${hash}/${name}.js`), /createElementNS|Preact|componentWillUnmount/, name)
})

test('nothing that was built can write HTML', () => {
  for (const path of ['loader.js', ...['panel', 'document', 'extras', 'contact', 'watch'].map(name => `${hash}/${name}.js`)]) assert.doesNotMatch(read(path), /\.innerHTML|insertAdjacentHTML/, path)
})

test('no source of ours builds HTML, evaluates text, or shouts !important', () => {
  const src = ROOT + '/widget/src/'
  for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(tsx?|css)$/.test(name)) continue
    assert.doesNotMatch(readFileSync(src + name, 'utf8'), /innerHTML|insertAdjacent|\beval\(|new Function|!important|document\.cookie/, name)
  }
})

test('one file speaks HTTP', () => {
  const src = ROOT + '/widget/src/'
  const speaks = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && /\bfetch\(|XMLHttpRequest|EventSource|sendBeacon/.test(readFileSync(src + name, 'utf8')))
  assert.deepEqual(speaks, ['api.ts'])
})
