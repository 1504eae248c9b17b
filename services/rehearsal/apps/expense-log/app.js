'use strict'

/* Expenses: [{ id, cents, what, category, date: '2026-11-24', extras }] */
const { el, dayKey } = kit
const byId = (id) => document.getElementById(id)
let expenses = []
let settings = { currency: 'EUR' }
let month = dayKey().slice(0, 7)

const inMonth = (key) => expenses.filter(({ date }) => date.startsWith(key))
const sum = (list) => list.reduce((total, { cents }) => total + cents, 0)
const money = (cents) => (cents / 100).toLocaleString(undefined, { style: 'currency', currency: settings.currency })

/** «12.5», «12,50» or «1.234,50» in cents; undefined when it is no amount. */
function toCents(text) {
  const plain = text.replace(/[^\d.,-]/g, '')
  const [, whole, fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(plain)
  const cents = Number(whole.replace(/[.,]/g, '') + fraction.padEnd(2, '0'))
  return plain !== '' && Number.isSafeInteger(cents) && cents !== 0 ? cents : undefined
}

function shifted(key, by) {
  const [year, number] = key.split('-').map(Number)
  return dayKey(new Date(year, number - 1 + by, 1)).slice(0, 7)
}

function changed() {
  kit.save('expenses', expenses)
  render()
}

function categoryItem([name, cents], largest) {
  return el(
    'li',
    { class: 'category' },
    el('span', {}, name),
    el('progress', { value: Math.max(0, cents), max: Math.max(1, largest), 'aria-label': name }),
    el('span', { class: 'amount' }, money(cents)),
  )
}

function expenseItem(expense) {
  const { what, category, cents, extras } = expense
  return el(
    'li',
    { class: 'expense' },
    el('div', {}, el('div', { class: 'wrap' }, what), el('div', { class: 'muted small' }, category), kit.showExtras(extras)),
    el('span', { class: 'amount' }, money(cents)),
    el('button', { type: 'button', class: 'quiet icon', 'aria-label': `Delete ${what}`, onclick: () => kit.removeWithUndo(expenses, expense, { name: what, changed }) }, '×'),
  )
}

function dayItem([date, list]) {
  const name = new Date(`${date}T12:00`).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
  return el(
    'li',
    { class: 'day' },
    el('header', { class: 'muted small' }, el('h2', {}, date === dayKey() ? 'Today' : name), el('span', { class: 'amount' }, money(sum(list)))),
    el('ul', { class: 'list card' }, ...list.map(expenseItem)),
  )
}

function renderSummary(list) {
  const byCategory = Object.entries(Object.groupBy(list, ({ category }) => category)).map(([name, part]) => [name, sum(part)])
  byCategory.sort((a, b) => b[1] - a[1])
  const before = sum(inMonth(shifted(month, -1)))
  byId('total').textContent = money(sum(list))
  byId('compare').textContent = before === 0 ? '' : `${money(before)} the month before`
  byId('categories').replaceChildren(...byCategory.map((category) => categoryItem(category, byCategory[0][1])))
  byId('categories').hidden = byCategory.length === 0
}

function render() {
  const list = inMonth(month)
  const days = Object.entries(Object.groupBy(list, ({ date }) => date)).sort(([a], [b]) => (a < b ? 1 : -1))
  byId('month-name').textContent = new Date(`${month}-15T12:00`).toLocaleDateString(undefined, { month: 'long', year: 'numeric' })
  byId('later').disabled = month >= dayKey().slice(0, 7)
  byId('days').replaceChildren(...days.map(dayItem))
  byId('empty').hidden = list.length > 0
  renderSummary(list)
}

function moveMonth(by) {
  month = shifted(month, by)
  render()
}

byId('add').elements.amount.addEventListener('input', ({ target }) => target.setCustomValidity(''))
byId('add').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const { amount, what, category, date } = form.elements
  const cents = toCents(amount.value)
  if (cents === undefined) {
    amount.setCustomValidity('Please enter an amount such as 12.50')
    amount.reportValidity()
    return
  }
  expenses.unshift({ id: kit.newId(), cents, what: what.value.trim(), category: category.value, date: date.value, extras: kit.readExtras(form) })
  month = date.value.slice(0, 7)
  const kept = { category: category.value, date: date.value }
  form.reset()
  category.value = kept.category
  date.value = kept.date
  changed()
  amount.focus()
})
byId('earlier').addEventListener('click', () => moveMonth(-1))
byId('later').addEventListener('click', () => moveMonth(1))
byId('currency').addEventListener('change', ({ target }) => {
  settings = { currency: target.value }
  kit.save('settings', settings)
  render()
})

byId('add').elements.date.value = dayKey()
Promise.all([kit.load('expenses', []), kit.load('settings', settings)]).then(([keptExpenses, keptSettings]) => {
  expenses = keptExpenses
  settings = { ...settings, ...keptSettings }
  byId('currency').value = settings.currency
  render()
})
