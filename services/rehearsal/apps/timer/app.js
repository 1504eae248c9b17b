'use strict'

/* State: { mode, remainingMs, endsAt (while running), task }. Sessions: [{ id, task, minutes, finishedAt, extras }] */
const { el } = kit
const byId = (id) => document.getElementById(id)
const names = { focus: 'Focus', short: 'Short break', long: 'Long break' }
const pageTitle = document.title
let settings = { focus: 25, short: 5, long: 15, sound: true }
let state = { mode: 'focus', remainingMs: 25 * 60_000, endsAt: undefined, task: '' }
let sessions = []
let ticking
let audio

const lengthMs = (mode) => settings[mode] * 60_000
const remaining = () => (state.endsAt ? Math.max(0, state.endsAt - Date.now()) : state.remainingMs)
const todays = () => sessions.filter(({ finishedAt }) => new Date(finishedAt).toDateString() === new Date().toDateString())

function keep(change) {
  state = { ...state, ...change }
  kit.save('state', state)
  render()
}

function start() {
  audio ??= globalThis.AudioContext && new AudioContext()
  const ms = remaining() || lengthMs(state.mode)
  keep({ remainingMs: ms, endsAt: Date.now() + ms })
  say(`${names[state.mode]} started`)
}

function pause() {
  keep({ remainingMs: remaining(), endsAt: undefined })
  say('Paused')
}

function switchTo(mode) {
  keep({ mode, remainingMs: lengthMs(mode), endsAt: undefined })
}

/** After focus comes a break, every fourth time a long one; after a break comes focus. */
function nextMode() {
  if (state.mode !== 'focus') return 'focus'
  const count = todays().length
  return count > 0 && count % 4 === 0 ? 'long' : 'short'
}

function finish() {
  const { mode, endsAt } = state
  if (mode === 'focus') {
    sessions.push({ id: kit.newId(), task: state.task.trim(), minutes: settings.focus, finishedAt: endsAt, extras: kit.readExtras(byId('about')) })
    kit.save('sessions', sessions)
  }
  const next = nextMode()
  beep()
  switchTo(next)
  say(`${names[mode]} is over. Next: ${names[next]}`)
  kit.toast(`${names[mode]} is over. Next: ${names[next]}`)
}

function beep() {
  if (!settings.sound || !audio) return
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    const at = audio.currentTime + index * 0.25
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0.2, at)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.6)
  }
}

function say(text) {
  byId('status').textContent = text
}

function clockText(ms) {
  const seconds = Math.ceil(ms / 1000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

function renderClock() {
  const ms = remaining()
  byId('time').textContent = clockText(ms)
  byId('ring').setAttribute('stroke-dashoffset', String(1 - Math.min(1, ms / lengthMs(state.mode))))
  document.title = state.endsAt ? `${clockText(ms)} · ${names[state.mode]}` : pageTitle
}

function tick() {
  if (state.endsAt && remaining() === 0) finish()
  else renderClock()
}

function sessionItem({ task, minutes, finishedAt, extras }) {
  const time = new Date(finishedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  return el(
    'li',
    { class: 'session' },
    el('div', {}, el('span', { class: 'wrap' }, task || 'Focus session'), kit.showExtras(extras)),
    el('span', { class: 'muted' }, `${minutes} min, ${time}`),
  )
}

function render() {
  const done = todays()
  for (const button of document.querySelectorAll('[data-mode]')) button.setAttribute('aria-pressed', String(button.dataset.mode === state.mode))
  byId('start').textContent = state.endsAt ? 'Pause' : state.remainingMs < lengthMs(state.mode) ? 'Resume' : 'Start'
  byId('sessions').replaceChildren(...done.toReversed().map(sessionItem))
  byId('none').hidden = done.length > 0
  const minutes = done.reduce((sum, session) => sum + session.minutes, 0)
  byId('today').textContent = done.length === 0 ? 'Ready when you are' : `${done.length} ${done.length === 1 ? 'session' : 'sessions'}, ${minutes} minutes today`
  renderClock()
  clearInterval(ticking)
  if (state.endsAt) ticking = setInterval(tick, 250)
}

function showSettings() {
  const { elements } = byId('settings')
  for (const mode of Object.keys(names)) elements[mode].value = settings[mode]
  elements.sound.checked = settings.sound
  byId('about').elements.task.value = state.task
}

byId('modes').addEventListener('click', ({ target }) => target.dataset.mode && switchTo(target.dataset.mode))
byId('start').addEventListener('click', () => (state.endsAt ? pause() : start()))
byId('reset').addEventListener('click', () => switchTo(state.mode))
byId('skip').addEventListener('click', () => switchTo(nextMode()))
byId('about').addEventListener('submit', (event) => event.preventDefault())
byId('about').elements.task.addEventListener('input', ({ target }) => keep({ task: target.value }))
byId('settings').addEventListener('submit', (event) => event.preventDefault())
byId('settings').addEventListener('change', ({ currentTarget: form }) => {
  if (!form.checkValidity()) return
  const { focus, short, long, sound } = form.elements
  settings = { focus: Number(focus.value), short: Number(short.value), long: Number(long.value), sound: sound.checked }
  kit.save('settings', settings)
  if (!state.endsAt) switchTo(state.mode)
})
document.addEventListener('keydown', (event) => {
  if (event.key === ' ' && event.target === document.body) {
    event.preventDefault()
    byId('start').click()
  }
})
document.addEventListener('visibilitychange', () => document.hidden || tick())

Promise.all([kit.load('settings', settings), kit.load('state', state), kit.load('sessions', [])]).then(([keptSettings, keptState, keptSessions]) => {
  settings = { ...settings, ...keptSettings }
  state = { ...state, ...keptState }
  sessions = keptSessions
  showSettings()
  render()
  tick()
})
