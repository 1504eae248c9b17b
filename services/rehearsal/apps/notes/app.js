'use strict'

/* Notes: [{ id, title, text, pinned, changedAt, extras }] */
const { el } = kit
const byId = (id) => document.getElementById(id)
const editor = byId('editor')
let notes = []
let currentId
let saveTimer

const currentNote = () => notes.find(({ id }) => id === currentId)
const titleOf = (note) => note.title.trim() || note.text.trim().split('\n')[0].slice(0, 80) || 'Untitled'

function when(time) {
  const date = new Date(time)
  const sameDay = date.toDateString() === new Date().toDateString()
  return sameDay ? date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }) : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

function shownNotes() {
  const words = byId('search').value.trim().toLowerCase()
  const found = notes.filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(words))
  return found.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.changedAt - a.changedAt)
}

function noteButton(note) {
  const preview = note.text.trim().replace(/\s+/g, ' ').slice(0, 90)
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', class: 'note', 'aria-current': note.id === currentId, onclick: () => open(note.id) },
      el('strong', {}, note.pinned ? `📌 ${titleOf(note)}` : titleOf(note)),
      el('span', { class: 'muted small' }, `${when(note.changedAt)}  ${preview}`),
    ),
  )
}

function renderList() {
  const shown = shownNotes()
  byId('notes').replaceChildren(...shown.map(noteButton))
  byId('empty').hidden = shown.length > 0
  byId('empty-title').textContent = notes.length === 0 ? 'No notes yet' : 'Nothing found'
  byId('empty-text').textContent = notes.length === 0 ? 'Everything you write is saved as you type.' : 'Try another word.'
}

function renderEditor() {
  const note = currentNote()
  editor.hidden = !note
  byId('nothing').hidden = Boolean(note)
  document.querySelector('.app').classList.toggle('editing', Boolean(note))
  if (!note) return
  editor.elements.title.value = note.title
  editor.elements.text.value = note.text
  kit.fillExtras(editor, note.extras)
  byId('pin').setAttribute('aria-pressed', String(Boolean(note.pinned)))
  byId('pin').textContent = note.pinned ? 'Pinned' : 'Pin'
  byId('saved').textContent = ''
  renderCount(note)
}

function renderCount({ text }) {
  const words = text.trim() === '' ? 0 : text.trim().split(/\s+/).length
  byId('count').textContent = words === 1 ? '1 word' : `${words} words`
}

function open(id) {
  flush()
  currentId = id
  renderList()
  renderEditor()
}

function changed() {
  kit.save('notes', notes)
  renderList()
}

/** Writes what is still waiting for the pause in typing. */
function flush() {
  if (saveTimer === undefined) return
  clearTimeout(saveTimer)
  saveTimer = undefined
  changed()
  byId('saved').textContent = 'Saved'
}

function startNote() {
  flush()
  const note = { id: kit.newId(), title: '', text: '', pinned: false, changedAt: Date.now(), extras: {} }
  notes.push(note)
  byId('search').value = ''
  changed()
  open(note.id)
  editor.elements.title.focus()
}

function removeNote() {
  const note = currentNote()
  if (!note) return
  flush()
  currentId = undefined
  kit.removeWithUndo(notes, note, { name: titleOf(note), changed: () => (changed(), renderEditor()) })
  byId('new').focus()
}

editor.addEventListener('input', () => {
  const note = currentNote()
  Object.assign(note, { title: editor.elements.title.value, text: editor.elements.text.value, changedAt: Date.now(), extras: kit.readExtras(editor) })
  byId('saved').textContent = 'Saving…'
  renderCount(note)
  clearTimeout(saveTimer)
  saveTimer = setTimeout(flush, 300)
})
editor.addEventListener('submit', (event) => event.preventDefault())
byId('new').addEventListener('click', startNote)
byId('delete').addEventListener('click', removeNote)
byId('back').addEventListener('click', () => open(undefined))
byId('search').addEventListener('input', renderList)
byId('pin').addEventListener('click', () => {
  const note = currentNote()
  note.pinned = !note.pinned
  changed()
  renderEditor()
})
addEventListener('pagehide', flush)
document.addEventListener('visibilitychange', () => document.hidden && flush())

kit.load('notes', []).then((kept) => {
  notes = kept
  const wide = matchMedia('(min-width: 46.01rem)').matches
  open(wide ? shownNotes()[0]?.id : undefined)
})
