import t from 'tap'
import { createNoteStore } from './store.ts'

await t.test('notes are bounded per owner and in all', async (t) => {
  const store = createNoteStore(() => 0, { perOwner: 2, total: 3 })
  const first = store.add('ada', '1')
  store.add('ada', '2')
  t.equal(store.add('ada', '3').status, 'owner_full')
  t.equal(store.add('bob', '1').status, 'added')
  t.equal(store.add('eve', '1').status, 'full')
  t.same(
    store.of('ada').map(({ text }) => text),
    ['2', '1'],
    'newest first',
  )
  if (first.status === 'added') t.equal(store.remove(first.note.id), true)
  t.equal(store.add('ada', '4').status, 'added', 'room again')
  t.equal(store.remove('unknown'), false)
  t.equal(store.all().length, 3)
  t.same(store.of('eve'), [])
  store.removeAllOf('ada')
  t.same(store.of('ada'), [])
  t.equal(store.all().length, 1, 'bob keeps his')
  t.equal(store.add('ada', '5').status, 'added')
  t.equal(store.add('ada', '6').status, 'added', 'room for all of hers')
  store.removeAllOf('nobody')
  t.equal(store.all().length, 3)
})
