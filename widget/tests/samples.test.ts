/** The samples of the API are what `api_types.ts` says; the same files are held against the server's answers. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import articleSample from '../../tests/data/widget_api/article.json'
import bootSample from '../../tests/data/widget_api/boot.json'
import conversationSample from '../../tests/data/widget_api/conversation.json'
import handOverSample from '../../tests/data/widget_api/hand_over.json'
import postedSample from '../../tests/data/widget_api/message_posted.json'
import orderSample from '../../tests/data/widget_api/order.json'
import searchSample from '../../tests/data/widget_api/search.json'
import streamConversation from '../../tests/data/widget_api/stream_conversation.json'
import streamMessage from '../../tests/data/widget_api/stream_message.json'
import type {
  Article, Boot, Conversation, ConversationAnswer, Message, OrderAnswer, PostedAnswer, SearchAnswer, TextNode,
} from '../src/api_types.ts'

/** JSON imports know only `string`: the unions are checked below, at run time. */
type Loose<T> = T extends string ? string
  : T extends (infer U)[] ? Loose<U>[]
  : T extends object ? { [K in keyof T]: Loose<T[K]> } : T

// the compiler refuses these lines when a sample and a type drift apart
const boot: Loose<Omit<Boot, 'privacy_url'>> = bootSample
const search: Loose<SearchAnswer> = searchSample
const order: Loose<OrderAnswer> = orderSample
const posted: Loose<Omit<PostedAnswer, 'messages'>> = postedSample
const answers: Loose<Omit<ConversationAnswer, 'messages'>>[] = [conversationSample, handOverSample]
const article: Loose<Omit<Article, 'body'>> = articleSample
const conversation: Loose<Conversation> = streamConversation

const messages = [...postedSample.messages, ...conversationSample.messages, ...handOverSample.messages, streamMessage] as Message[]
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
  const keys = ['author', 'body', 'client_id', 'created_at', 'name', 'position', 'source', 'text']
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
  for (const { status } of [conversation, posted.conversation, ...answers.map(a => a.conversation)])
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

test('there is one sample for every answer and none that nobody reads', () => {
  assert.deepEqual(readdirSync(ROOT + '/tests/data/widget_api').sort(), [
    'article.json', 'boot.json', 'conversation.json', 'error.json', 'hand_over.json', 'message_posted.json',
    'order.json', 'search.json', 'stream_conversation.json', 'stream_message.json',
  ])
})
