/** The parts without a page: geometry, colours, the stream's grammar, ids, words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import en from '../locales/en.json'
import enForm from '../locales/contact/en.json'
import esForm from '../locales/contact/es.json'
import ptForm from '../locales/contact/pt.json'
import enMore from '../locales/extras/en.json'
import esMore from '../locales/extras/es.json'
import ptMore from '../locales/extras/pt.json'
import es from '../locales/es.json'
import pt from '../locales/pt.json'
import { clock, daysBetween, listDays, writing } from '../src/extras/hours.ts'
import { WORDS } from '../src/watch.ts'
import { contrast, inkOn, isColour, readable } from '../src/colour.ts'
import { chooseLocale } from '../src/config.ts'
import { mintId } from '../src/memory.ts'
import { findLift, GAP } from '../src/room.ts'
import { createParser } from '../src/stream.ts'
import { count, fold, say, useWords } from '../src/words.ts'

/** Word for word the formula of WCAG 2.2. */
const exactContrast = (a: string, b: string): number => {
  const [dark, light] = [a, b].map(colour => {
    const [r, g, blue] = colour.match(/\w\w/g)!.map(c => parseInt(c, 16) / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!
  }).sort((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

const colours = Array.from({ length: 4096 }, (_, i) =>
  '#' + [i >> 8, (i >> 4) & 15, i & 15].map(c => (c * 17).toString(16).padStart(2, '0')).join(''))

test('the bubble stays when nothing is in its way', () => {
  assert.equal(findLift(700, 756, []), 0)
  assert.equal(findLift(700, 756, [{ top: 100, bottom: 150 }]), 0)
  assert.equal(findLift(700, 756, [{ top: 640, bottom: 700 - GAP }]), 0)
})

test('the bubble rises just above what is in its way, also above what it meets there', () => {
  assert.equal(findLift(700, 756, [{ top: 720, bottom: 780 }]), 756 - 720 + GAP)
  assert.equal(findLift(700, 756, [{ top: 720.4, bottom: 780 }]), 44)
  const tower = [{ top: 720, bottom: 780 }, { top: 600, bottom: 650 }, { top: 500, bottom: 590 }]
  const lift = findLift(700, 756, tower)
  assert.equal(756 - lift + GAP, 500)
})

test('with no room at all the bubble waits out of sight', () => {
  assert.equal(findLift(700, 756, [{ top: 90, bottom: 780 }]), -1)
  assert.equal(findLift(700, 756, Array.from({ length: 20 }, (_, i) => ({ top: i * 60, bottom: i * 60 + 40 }))), -1)
})

test('the ink on any accent reaches AA', () => {
  for (const c of colours) assert.ok(exactContrast(c, inkOn(c) === '#000' ? '#000000' : '#ffffff') >= 4.5, c)
})

test('an accent used as text is corrected only as far as AA needs', () => {
  for (const surface of ['#f3f4f7', '#23272f']) {
    for (const c of colours) {
      const text = readable(c, surface)
      assert.ok(exactContrast(text, surface) >= 4.5, `${c} as ${text} on ${surface}`)
      if (contrast(c, surface) >= 4.6) assert.equal(text, c)
    }
  }
})

test('the shortcut in our contrast never promises more than a twentieth too much', () => {
  for (const c of colours)
    for (const other of ['#ffffff', '#000000', '#f3f4f7', '#23272f']) {
      const [ours, exact] = [contrast(c, other), exactContrast(c, other)]
      assert.ok(ours < 3 || ours - exact < 0.05, `${c} on ${other}: ${ours} for ${exact}`)
    }
})

test('only a six-digit hex is a colour', () => {
  for (const good of ['#0b57d0', '#FFF000']) assert.ok(isColour(good))
  for (const bad of ['', null, undefined, 'red', '#fff', '#0b57d0;x', 'url(#0b57d0)']) assert.ok(!isColour(bad))
})

test('the stream is read the same however it is cut into pieces', () => {
  const text = ': beat\r\n\r\nid: cv_1:3\nevent: message\ndata: {"a":\ndata: 1}\n\nevent: conversation\rdata:x\r\rdata: ñ: y\nunknown: z\n\nid: cv_1:9\n\n'
  const whole = createParser()(text)
  assert.deepEqual(whole, [
    { id: 'cv_1:3', event: 'message', data: '{"a":\n1}' },
    { id: 'cv_1:3', event: 'conversation', data: 'x' },
    { id: 'cv_1:3', event: 'message', data: 'ñ: y' },
  ])
  for (const size of [1, 2, 3, 7]) {
    const parse = createParser()
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g'))!
    assert.deepEqual(pieces.flatMap(piece => parse(piece)), whole, `pieces of ${size}`)
  }
})

test('an id is a version 4 UUID also where the browser has no randomUUID', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  const own = crypto.randomUUID
  try {
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true })
    const ids = Array.from({ length: 500 }, mintId)
    for (const id of ids) assert.match(id, uuid)
    assert.equal(new Set(ids).size, 500)
  } finally {
    Object.defineProperty(crypto, 'randomUUID', { value: own, configurable: true })
  }
  assert.match(mintId(), uuid)
})

test('the language is the first wish that we speak', () => {
  assert.equal(chooseLocale('es-CO', 'en'), 'es')
  assert.equal(chooseLocale('', 'pt_PT', 'en'), 'pt')
  assert.equal(chooseLocale(undefined, 'fr', 'PT-br'), 'pt')
  assert.equal(chooseLocale('est', 'eng'), 'en')
})

test('every language has every word, with the same holes', () => {
  const holes = (words: unknown): string[] => (JSON.stringify(words).match(/\{\w+\}/g) || []).sort()
  for (const [first, ...others] of [[es, en, pt], [esMore, enMore, ptMore], [esForm, enForm, ptForm], [WORDS.es, WORDS.en, WORDS.pt]] as Record<string, unknown>[][]) {
    for (const other of others) {
      assert.deepEqual(Object.keys(other), Object.keys(first!))
      for (const key of Object.keys(first!)) {
        assert.deepEqual(holes(other[key]), holes(first![key]), key)
        assert.equal(Array.isArray(other[key]), Array.isArray(first![key]), key)
        if (Array.isArray(other[key])) assert.equal((other[key] as []).length, (first![key] as []).length, key)
        assert.ok(JSON.stringify(other[key]).length > 3, key)
      }
    }
  }
})

test('a week of hours begins today, and each interval stands on the day it begins', () => {
  const at = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString()
  const now = new Date(2026, 10, 22, 15)
  const hours = { open: true, opens_at: null, closes_at: null, intervals: [
    [at(21, 22), at(22, 2)], [at(22, 9), at(22, 13)], [at(22, 14), at(22, 18)], [at(23, 22), at(24, 2)], [at(25, 20), at(27, 8)],
  ] as [string, string][] }
  const told = listDays(hours, now).map(d => d.spans?.map(([a, b]) => `${a.getDate()} ${a.getHours()}-${b.getDate()} ${b.getHours()}`))
  assert.deepEqual(told, [
    ['22 9-22 13', '22 14-22 18'], ['23 22-24 2'], [], ['25 20-27 8'], undefined, ['27 0-27 8'], [],
  ])
  assert.deepEqual(listDays(hours, now).map(d => d.at.getDate()), [22, 23, 24, 25, 26, 27, 28])
})

test('days are counted on the calendar, not by hours', () => {
  assert.equal(daysBetween(new Date(2026, 10, 22, 23, 59), new Date(2026, 10, 23, 0, 1)), 1)
  assert.equal(daysBetween(new Date(2026, 10, 22, 0, 1), new Date(2026, 10, 22, 23, 59)), 0)
  assert.equal(daysBetween(new Date(2026, 11, 31, 12), new Date(2027, 0, 2, 9)), 2)
})

test('times are written as the reader does, in the language of the panel', () => {
  assert.equal(writing('es', 'es-CO'), 'es-CO')
  assert.equal(writing('es', 'en-US'), 'es')
  const at = new Date(2026, 10, 22, 15, 5)
  assert.equal(clock(at, 'es'), '15:05')
  assert.match(clock(at, 'en-US'), /^3:05\sPM$/)
})

test('words have number, holes are filled as plain text', () => {
  useWords(es)
  assert.equal(count('found', 1), '1 respuesta')
  assert.equal(count('found', 3), '3 respuestas')
  assert.equal(say('nothing', { q: '$& {n} <b>' }), 'No hemos encontrado nada sobre «$& {n} <b>».')
  assert.equal(fold('¿Envío a Ñuñoa?'), '¿envio a nunoa?')
})
