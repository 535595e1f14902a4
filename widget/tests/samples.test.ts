/** The samples of the API are what `api_types.ts` says; the same files are held against the server's answers. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import articleSample from '../../tests/data/widget_api/article.json'
import codeSample from '../../tests/data/widget_api/code_asked.json'
import wrongSample from '../../tests/data/widget_api/code_wrong.json'
import openedSample from '../../tests/data/widget_api/order_opened.json'
import typingSample from '../../tests/data/widget_api/stream_typing.json'
import bootSample from '../../tests/data/widget_api/boot.json'
import conversationSample from '../../tests/data/widget_api/conversation.json'
import formSample from '../../tests/data/widget_api/form_sent.json'
import handOverSample from '../../tests/data/widget_api/hand_over.json'
import postedSample from '../../tests/data/widget_api/message_posted.json'
import orderSample from '../../tests/data/widget_api/order.json'
import searchSample from '../../tests/data/widget_api/search.json'
import streamConversation from '../../tests/data/widget_api/stream_conversation.json'
import streamMessage from '../../tests/data/widget_api/stream_message.json'
import type {
  Article, Boot, CheckedAnswer, CodeAnswer, Conversation, ConversationAnswer, FormAnswer, Hours, Message, OrderAnswer, PostedAnswer, SearchAnswer, TextNode,
} from '../src/api_types.ts'

/** JSON imports know only `string`: the unions are checked below, at run time. */
type Loose<T> = T extends string ? string
  : T extends (infer U)[] ? Loose<U>[]
  : T extends object ? { [K in keyof T]: Loose<T[K]> } : T

// the compiler refuses these lines when a sample and a type drift apart
const boot: Loose<Omit<Boot, 'privacy_url' | 'hours'>> = bootSample
const hours: Loose<Omit<Hours, 'intervals' | 'opens_at'>> = bootSample.hours
const search: Loose<SearchAnswer> = searchSample
const order: Loose<OrderAnswer> = orderSample
const posted: Loose<Omit<PostedAnswer, 'messages'>> = postedSample
const answers: Loose<Omit<ConversationAnswer, 'messages'>>[] = [conversationSample, handOverSample]
const article: Loose<Omit<Article, 'body'>> = articleSample
const conversation: Loose<Conversation> = streamConversation
const code: Loose<CodeAnswer> = codeSample
const sent: Loose<Omit<FormAnswer, 'messages'>> = formSample
const opened: Loose<Omit<CheckedAnswer, 'messages'>> = openedSample

const messages = [...postedSample.messages, ...conversationSample.messages, ...handOverSample.messages, ...formSample.messages, streamMessage] as Message[]
const TAGS = ['p', 'h3', 'ul', 'ol', 'li', 'strong', 'em', 'code', 'br', 'a']

const checkTree = (nodes: TextNode[]): void => {
  for (const node of nodes) {
    if (typeof node === 'string') continue
    assert.ok(TAGS.includes(node.tag), node.tag)
    assert.equal(node.tag === 'a', 'href' in node)
    if (node.href) assert.match(node.href, /^https?:/)
    checkTree(node.children || [])
  }
}

test('each message has the keys and the words of the contract', () => {
  const keys = ['author', 'body', 'client_id', 'created_at', 'name', 'offers_person', 'position', 'source', 'text', 'verdict', 'wants_order']
  for (const m of messages) {
    assert.deepEqual(Object.keys(m).sort(), keys)
    assert.ok(['shopper', 'bot', 'agent', 'system'].includes(m.author))
    assert.match(m.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.ok(Number.isInteger(m.position) && m.position > 0)
    if (m.body) checkTree(m.body)
  }
  assert.deepEqual(new Set(messages.map(m => m.author)), new Set(['shopper', 'bot', 'agent', 'system']))
})

test('each conversation is in a known state', () => {
  for (const { status } of [conversation, posted.conversation, sent.conversation, ...answers.map(a => a.conversation)])
    assert.ok(['bot', 'open', 'snoozed', 'resolved'].includes(status))
})

test('articles are trees of the allow-list, and links lead to articles that exist', () => {
  checkTree(articleSample.body as TextNode[])
  const known = new Set(boot.sections.flatMap(s => s.articles.map(a => a.article_id)))
  for (const { article_id } of [...boot.links, ...search.results, article]) assert.ok(known.has(article_id), article_id)
})

test('an order tells its state in words and its times in UTC', () => {
  const { timeline, shipments } = order.order
  for (const at of [...timeline.map(t => t.at), ...shipments.flatMap(s => s.events.map(e => e.occurred_at))]) assert.match(at, /Z$/)
})

test('a form that was sent has a reference, and its words name it', () => {
  assert.match(sent.reference, /^M-\w{6}$/)
  assert.ok(sent.words.includes(sent.reference))
  assert.match(`${sent.answered_by}`, /Z$/)
})

test('what is known of the hours is in UTC, and a code lives a quarter of an hour', () => {
  assert.equal(typeof hours.open, 'boolean')
  for (const at of bootSample.hours.intervals.flat()) assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.equal(code.expires_in, 900)
  assert.ok(opened.order.number && opened.token)
  assert.equal(typeof wrongSample.left, 'number')
  assert.deepEqual(Object.keys(typingSample), ['name'])
})

test('there is one sample for every answer and none that nobody reads', () => {
  assert.deepEqual(readdirSync(ROOT + '/tests/data/widget_api').sort(), [
    'article.json', 'boot.json', 'code_asked.json', 'code_wrong.json', 'conversation.json', 'error.json', 'form_sent.json', 'hand_over.json',
    'message_posted.json', 'order.json', 'order_opened.json', 'search.json', 'stream_conversation.json', 'stream_message.json',
    'stream_typing.json',
  ])
})
