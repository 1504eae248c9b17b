'use strict'

/* Entries: [{ id, title, note, starred, done, extras }], newest first */
const { el } = kit
const byId = (id) => document.getElementById(id)
const filters = {
  all: () => true,
  open: ({ done }) => !done,
  starred: ({ starred }) => starred,
  done: ({ done }) => done,
}
let entries = []
let filter = 'all'

function changed() {
  kit.save('entries', entries)
  render()
}

function toggle(entry, property) {
  entry[property] = !entry[property]
  changed()
  document.querySelector(`[data-key="${entry.id} ${property}"]`)?.focus()
}

function toggleButton(entry, property, { sign, label, look }) {
  return el(
    'button',
    {
      type: 'button',
      class: look,
      'aria-pressed': Boolean(entry[property]),
      'aria-label': `${label}: ${entry.title}`,
      'data-key': `${entry.id} ${property}`,
      onclick: () => toggle(entry, property),
    },
    sign,
  )
}

function entryItem(entry) {
  const { title, note, done, starred, extras } = entry
  return el(
    'li',
    { class: done ? 'card entry done' : 'card entry' },
    toggleButton(entry, 'done', { sign: done ? '✓' : '', label: 'Done', look: 'icon tick' }),
    el('div', {}, el('h2', { class: 'wrap' }, title), note ? el('p', { class: 'note wrap' }, note) : undefined, kit.showExtras(extras)),
    el(
      'div',
      { class: 'tools' },
      toggleButton(entry, 'starred', { sign: starred ? '★' : '☆', label: 'Star', look: 'quiet icon star' }),
      el('button', { type: 'button', class: 'quiet icon', 'aria-label': `Delete ${title}`, onclick: () => kit.removeWithUndo(entries, entry, { name: title, changed }) }, '×'),
    ),
  )
}

function render() {
  const words = byId('search').value.trim().toLowerCase()
  const matches = ({ title, note, extras = {} }) => [title, note, ...Object.values(extras)].join('\n').toLowerCase().includes(words)
  const shown = entries.filter(filters[filter]).filter(matches)
  const done = entries.filter(filters.done).length
  byId('entries').replaceChildren(...shown.map(entryItem))
  byId('summary').textContent = entries.length === 0 ? 'Empty so far' : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}, ${done} done`
  byId('search-field').hidden = entries.length < 5
  byId('empty').hidden = shown.length > 0
  byId('empty-title').textContent = entries.length === 0 ? 'Nothing here yet' : 'Nothing to show'
  byId('empty-text').textContent = entries.length === 0 ? 'Add the first entry above.' : 'Try another filter or word.'
}

byId('add').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const title = form.elements.title.value.trim()
  if (title === '') return
  entries.unshift({ id: kit.newId(), title, note: form.elements.note.value.trim(), starred: false, done: false, extras: kit.readExtras(form) })
  form.reset()
  changed()
  form.elements.title.focus()
})
byId('filters').addEventListener('click', ({ target }) => {
  if (!target.dataset.filter) return
  filter = target.dataset.filter
  for (const button of document.querySelectorAll('[data-filter]')) button.setAttribute('aria-pressed', String(button.dataset.filter === filter))
  render()
})
byId('search').addEventListener('input', render)

kit.load('entries', []).then((kept) => {
  entries = kept
  render()
})
