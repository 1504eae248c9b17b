'use strict'

/* Habits: [{ id, name, done: ['2026-11-24', …], extras }] */
const { el, dayKey } = kit
const byId = (id) => document.getElementById(id)
let habits = []
let weekOffset = 0

/** The seven days, Monday first, of the week that is shown. */
function shownDays() {
  const monday = new Date()
  monday.setHours(12, 0, 0, 0)
  monday.setDate(monday.getDate() - ((monday.getDay() + 6) % 7) + weekOffset * 7)
  return Array.from({ length: 7 }, (_, index) => {
    const day = new Date(monday)
    day.setDate(monday.getDate() + index)
    return day
  })
}

/** Days in a row up to today; today itself may still be open. */
function streakOf(habit) {
  const day = new Date()
  if (!habit.done.includes(dayKey(day))) day.setDate(day.getDate() - 1)
  let length = 0
  while (habit.done.includes(dayKey(day))) {
    length += 1
    day.setDate(day.getDate() - 1)
  }
  return length
}

function changed() {
  kit.save('habits', habits)
  render()
}

function toggle(habit, key) {
  habit.done = habit.done.includes(key) ? habit.done.filter((day) => day !== key) : [...habit.done, key]
  changed()
  document.querySelector(`[data-key="${habit.id} ${key}"]`)?.focus()
}

function dayButton(habit, day) {
  const key = dayKey(day)
  const done = habit.done.includes(key)
  const label = day.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
  return el(
    'button',
    {
      type: 'button',
      class: key === dayKey() ? 'day today' : 'day',
      'aria-pressed': done,
      'aria-label': `${habit.name}, ${label}`,
      'data-key': `${habit.id} ${key}`,
      disabled: key > dayKey(),
      onclick: () => toggle(habit, key),
    },
    el('span', { 'aria-hidden': 'true' }, day.toLocaleDateString(undefined, { weekday: 'short' }).slice(0, 2)),
    el('span', { class: 'mark', 'aria-hidden': 'true' }, done ? '✓' : String(day.getDate())),
  )
}

function habitRow(habit) {
  const streak = streakOf(habit)
  const words = streak === 0 ? 'No streak yet' : streak === 1 ? '1 day in a row' : `${streak} days in a row`
  return el(
    'li',
    { class: 'card habit' },
    el(
      'div',
      {},
      el('h2', { class: 'wrap' }, habit.name),
      el('p', { class: streak > 0 ? 'streak alive' : 'streak' }, words),
      kit.showExtras(habit.extras),
    ),
    el('div', { class: 'days', role: 'group', 'aria-label': `Days of ${habit.name}` }, ...shownDays().map((day) => dayButton(habit, day))),
    el(
      'button',
      { type: 'button', class: 'quiet icon', 'aria-label': `Delete ${habit.name}`, onclick: () => kit.removeWithUndo(habits, habit, { name: habit.name, changed }) },
      '×',
    ),
  )
}

function weekName(days) {
  if (weekOffset === 0) return 'This week'
  if (weekOffset === -1) return 'Last week'
  const short = (day) => day.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
  return `${short(days[0])} – ${short(days[6])}`
}

function render() {
  const doneToday = habits.filter((habit) => habit.done.includes(dayKey())).length
  byId('habits').replaceChildren(...habits.map(habitRow))
  byId('empty').hidden = habits.length > 0
  byId('progress').hidden = habits.length === 0
  byId('progress').max = Math.max(1, habits.length)
  byId('progress').value = doneToday
  const all = habits.length > 0 && doneToday === habits.length
  byId('progress-text').textContent = habits.length === 0 ? 'Nothing planned yet' : all ? 'All done for today' : `${doneToday} of ${habits.length} done today`
  byId('week-name').textContent = weekName(shownDays())
  byId('later').disabled = weekOffset === 0
}

function moveWeek(weeks) {
  weekOffset = Math.min(0, weekOffset + weeks)
  render()
}

byId('add').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  const name = form.elements.name.value.trim()
  if (name === '') return
  habits.push({ id: kit.newId(), name, done: [], extras: kit.readExtras(form) })
  form.reset()
  changed()
  form.elements.name.focus()
})
byId('earlier').addEventListener('click', () => moveWeek(-1))
byId('later').addEventListener('click', () => moveWeek(1))
document.addEventListener('visibilitychange', () => document.hidden || render())

kit.load('habits', []).then((kept) => {
  habits = kept
  render()
})
