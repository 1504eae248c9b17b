'use strict'

/* Cards: [{ id, front, back, level: 0…5, dueAt, extras }]. A known card rests for longer each time. */
const { el } = kit
const byId = (id) => document.getElementById(id)
const restDays = [0, 1, 2, 4, 9, 21]
let cards = []
let round = []
let roundSize = 0

const current = () => cards.find(({ id }) => id === round[0])
const isDue = ({ dueAt }) => dueAt <= Date.now()

function changed() {
  kit.save('cards', cards)
  round = round.filter((id) => cards.some((card) => card.id === id))
  render()
}

function startRound(list) {
  round = list.map(({ id }) => id)
  roundSize = round.length
  render()
}

/** A known card moves up a level and rests; an unknown one starts again and comes back in this round. */
function grade(known) {
  const card = current()
  round.shift()
  card.level = known ? Math.min(card.level + 1, restDays.length - 1) : 0
  const due = new Date()
  if (known) due.setHours(3, 0, 0, 0)
  due.setDate(due.getDate() + restDays[card.level])
  card.dueAt = due.getTime()
  if (!known) round.splice(Math.min(3, round.length), 0, card.id)
  changed()
  if (current()) byId('show').focus()
}

function showAnswer() {
  const card = current()
  byId('answer').replaceChildren(el('p', { class: 'wrap back' }, card.back), kit.showExtras(card.extras) ?? '')
  setAnswered(true)
  byId('good').focus()
}

function setAnswered(answered) {
  byId('show').hidden = answered
  byId('again').hidden = !answered
  byId('good').hidden = !answered
}

function renderPractise() {
  const card = current()
  byId('question').hidden = !card
  byId('rest').hidden = Boolean(card)
  byId('answer').replaceChildren()
  setAnswered(false)
  byId('front').textContent = card?.front ?? ''
  byId('progress').max = Math.max(1, roundSize)
  byId('progress').value = Math.max(0, roundSize - round.length)
  byId('rest-title').textContent = cards.length === 0 ? 'No cards yet' : 'Done for now'
  byId('rest-text').textContent = cards.length === 0 ? 'Add the first ones under Cards.' : nextDueText()
  byId('all').hidden = cards.length === 0
}

function nextDueText() {
  const next = Math.min(...cards.map(({ dueAt }) => dueAt))
  return `The next card is due ${new Date(next).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })}.`
}

function cardItem(card) {
  const level = card.level === 0 ? 'New' : `Level ${card.level} of ${restDays.length - 1}`
  return el(
    'li',
    { class: 'card entry' },
    el('strong', { class: 'wrap' }, card.front),
    el('span', { class: 'wrap' }, card.back),
    el('div', { class: 'level muted small' }, level, kit.showExtras(card.extras) ?? ''),
    el('button', { type: 'button', class: 'quiet icon', 'aria-label': `Delete ${card.front}`, onclick: () => kit.removeWithUndo(cards, card, { name: card.front, changed }) }, '×'),
  )
}

function renderList() {
  const words = byId('search').value.trim().toLowerCase()
  const shown = cards.filter(({ front, back }) => `${front}\n${back}`.toLowerCase().includes(words)).toReversed()
  byId('list').replaceChildren(...shown.map(cardItem))
  byId('none').hidden = shown.length > 0
}

function render() {
  const due = cards.filter(isDue).length
  byId('due').textContent = cards.length === 0 ? 'A few minutes a day are enough' : `${due} due, ${cards.length} in all`
  renderPractise()
  renderList()
}

function showView(view) {
  for (const button of document.querySelectorAll('[data-view]')) button.setAttribute('aria-pressed', String(button.dataset.view === view))
  byId('practise').hidden = view !== 'practise'
  byId('cards').hidden = view !== 'cards'
  if (view === 'practise') startRound(cards.filter(isDue))
  else render()
}

byId('add').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const [front, back] = [form.elements.front.value.trim(), form.elements.back.value.trim()]
  if (front === '' || back === '') return
  cards.push({ id: kit.newId(), front, back, level: 0, dueAt: Date.now(), extras: kit.readExtras(form) })
  form.reset()
  changed()
  form.elements.front.focus()
})
byId('views').addEventListener('click', ({ target }) => target.dataset.view && showView(target.dataset.view))
byId('show').addEventListener('click', showAnswer)
byId('again').addEventListener('click', () => grade(false))
byId('good').addEventListener('click', () => grade(true))
byId('all').addEventListener('click', () => startRound(cards))
byId('search').addEventListener('input', renderList)
document.addEventListener('keydown', ({ key, target }) => {
  if (byId('practise').hidden || !current() || target.matches('input, textarea')) return
  if (key === '1' && !byId('again').hidden) grade(false)
  else if (key === '2' && !byId('good').hidden) grade(true)
  else if (key === ' ' && target === document.body && !byId('show').hidden) showAnswer()
})

kit.load('cards', []).then((kept) => {
  cards = kept
  showView(cards.length === 0 ? 'cards' : 'practise')
})
