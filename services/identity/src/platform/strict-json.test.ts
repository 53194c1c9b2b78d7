import t from 'tap'
import { parseStrictJson } from './strict-json.ts'

const read = (text: string) => parseStrictJson(Buffer.from(text))
const faulty = (reason: string) => ({ kind: 'faulty', reason })

void t.test('JSON of one meaning is read as it stands', async (t) => {
  for (const text of [
    '{}',
    'null',
    '"a"',
    '[1,2,1,2]',
    '["a","a"]',
    '{"a":"a","b":"a"}',
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":"\\"","c":",\\"c\\":"}',
    ' { "a" : [ ] , "b" : { } } ',
    '{"name":"Zoë \\ud83e\\udd8a"}',
    '{"__proto__":{"a":1}}',
  ])
    t.same(read(text), { kind: 'valid', value: JSON.parse(text) as unknown }, text)
  t.same(read('\ufeff{}'), { kind: 'valid', value: {} }, 'a byte order mark is no content')
})

void t.test('a member twice is refused, however it is spelled (RFC 7493 §2.3)', async (t) => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":2}',
    '[{"a":1},{"a":1,"a":2}]',
    '{"x":{"a":[1,2,{}],"a":1}}',
    '{"a":"b","a":"c"}',
    '{"a":[],"a":{}}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
  ])
    t.same(read(text), faulty('has a member twice'), text)
})

void t.test('text that is no text is refused (RFC 7493 §2.1)', async (t) => {
  for (const text of ['"\\ud800"', '{"\\udc00":1}', '["\\u0000"]', '{"a":"x\\u0000y"}'])
    t.same(read(text), faulty('holds characters that are not text'), text)
  t.same(parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22)), faulty('is not UTF-8'))
  t.same(parseStrictJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)), faulty('is not UTF-8'))
})

void t.test('what is not JSON is refused', async (t) => {
  for (const text of ['', '{', '{"a":}', "{'a':1}", '{"a":1,}', 'NaN', '{}{}', '//', 'a=b'])
    t.same(read(text), faulty('is not JSON'), text)
})

void t.test('however deep or long, the answer comes at once', async (t) => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  t.equal(read(nested(16)).kind, 'valid')
  t.same(read(nested(17)), faulty('is nested too deeply'))
  t.same(read(nested(30_000)), faulty('is nested too deeply'))
  t.equal(read(JSON.stringify('\\"'.repeat(30_000))).kind, 'valid')
  const wide = Array.from({ length: 8000 }, (_, index) => `"m${index}":1`).join()
  t.equal(read(`{${wide}}`).kind, 'valid')
})
