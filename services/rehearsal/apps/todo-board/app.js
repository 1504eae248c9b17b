'use strict'

/* Cards: [{ id, title, column, extras }], in the order they are shown */
const { el } = kit
const byId = (id) => document.getElementById(id)
const columns = [
  { id: 'todo', name: 'To do', none: 'Nothing waiting' },
  { id: 'doing', name: 'Doing', none: 'Nothing in progress' },
  { id: 'done', name: 'Done', none: 'Nothing finished yet' },
]
let cards = []
let draggedId

function changed() {
  kit.save('cards', cards)
  render()
}

/** Moves a card to a column, before another card or to the end. */
function move(card, column, before) {
  card.column = column
  cards.splice(cards.indexOf(card), 1)
  cards.splice(before ? cards.indexOf(before) : cards.length, 0, card)
  changed()
}

function step(card, by) {
  const next = columns[columns.findIndex(({ id }) => id === card.column) + by]
  move(card, next.id)
  kit.toast(`“${card.title}” is in ${next.name}`)
  document.querySelector(`[data-id="${card.id}"] .title`)?.focus()
}

/** Turns a card's title into an input until Enter, Escape or leaving it. */
function editTitle(card, button) {
  const input = el('input', { 'aria-label': 'Card title', maxlength: 300 })
  input.value = card.title
  let open = true
  const close = (keep) => {
    if (!open) return
    open = false
    if (keep && input.value.trim() !== '') card.title = input.value.trim()
    changed()
  }
  input.addEventListener('keydown', ({ key }) => {
    if (key !== 'Enter' && key !== 'Escape') return
    close(key === 'Enter')
    document.querySelector(`[data-id="${card.id}"] .title`)?.focus()
  })
  input.addEventListener('blur', () => close(true))
  button.replaceWith(input)
  input.focus()
}

function toolButton(sign, label, { disabled = false, onclick }) {
  return el('button', { type: 'button', class: 'quiet icon', 'aria-label': label, title: label, disabled, onclick }, sign)
}

function cardItem(card) {
  const title = el('button', { type: 'button', class: 'title wrap', title: 'Click to edit', onclick: () => editTitle(card, title) }, card.title)
  return el(
    'li',
    {
      class: 'card task',
      draggable: 'true',
      'data-id': card.id,
      ondragstart: (event) => {
        draggedId = card.id
        event.dataTransfer.setData('text/plain', card.title)
        event.currentTarget.classList.add('dragged')
      },
      ondragend: render,
    },
    title,
    kit.showExtras(card.extras),
    el(
      'div',
      { class: 'tools' },
      toolButton('←', `Move back: ${card.title}`, { disabled: card.column === 'todo', onclick: () => step(card, -1) }),
      toolButton('→', `Move on: ${card.title}`, { disabled: card.column === 'done', onclick: () => step(card, 1) }),
      toolButton('×', `Delete: ${card.title}`, { onclick: () => kit.removeWithUndo(cards, card, { name: card.title, changed }) }),
    ),
  )
}

function drop(event, column) {
  event.preventDefault()
  const card = cards.find(({ id }) => id === draggedId)
  const over = event.target.closest('[data-id]')?.dataset.id
  const before = cards.find(({ id }) => id === over && id !== draggedId)
  if (card) move(card, column, before)
}

function columnSection({ id, name, none }) {
  const inside = cards.filter(({ column }) => column === id)
  return el(
    'section',
    {
      class: `column ${id}`,
      'aria-label': name,
      ondragover: (event) => (event.preventDefault(), event.currentTarget.classList.add('target')),
      ondragleave: (event) => event.currentTarget.classList.remove('target'),
      ondrop: (event) => drop(event, id),
    },
    el('header', {}, el('h2', {}, name), el('span', { class: 'muted small' }, String(inside.length))),
    inside.length > 0 ? el('ul', { class: 'list' }, ...inside.map(cardItem)) : el('p', { class: 'none muted small' }, none),
  )
}

function render() {
  const done = cards.filter(({ column }) => column === 'done').length
  byId('board').replaceChildren(...columns.map(columnSection))
  byId('summary').textContent = cards.length === 0 ? 'A clear desk. Add the first card.' : `${done} of ${cards.length} done`
  byId('clear').hidden = done === 0
}

byId('add').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const title = form.elements.title.value.trim()
  if (title === '') return
  cards.push({ id: kit.newId(), title, column: 'todo', extras: kit.readExtras(form) })
  form.reset()
  changed()
  form.elements.title.focus()
})
byId('clear').addEventListener('click', () => {
  const before = cards
  cards = cards.filter(({ column }) => column !== 'done')
  changed()
  kit.toast('Cleared finished cards', () => {
    cards = before
    changed()
  })
})

kit.load('cards', []).then((kept) => {
  cards = kept
  render()
})
