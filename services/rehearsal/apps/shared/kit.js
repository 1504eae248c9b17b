'use strict'

/* What these apps share: keeping data, building elements, extra fields, and the toast. */
const kit = (() => {
  const memory = new Map()
  const prefix = `matrix:${location.pathname.replace(/[^/]*$/, '')}`
  let lastSave = Promise.resolve()
  let toastTimer

  /** The system's storage, else the browser's, else memory until the page closes. */
  function storage() {
    if (window.matrix?.storage) return window.matrix.storage
    try {
      const local = window.localStorage
      return { get: (key) => local.getItem(prefix + key), set: (key, value) => local.setItem(prefix + key, value) }
    } catch {
      return { get: (key) => memory.get(key), set: (key, value) => memory.set(key, value) }
    }
  }

  /** The value kept under the key, or the fallback when there is none or it is of another shape. */
  async function load(key, fallback) {
    try {
      const kept = await storage().get(key)
      const value = typeof kept === 'string' ? JSON.parse(kept) : kept
      if (value === undefined || value === null) return fallback
      return Array.isArray(value) === Array.isArray(fallback) && typeof value === typeof fallback ? value : fallback
    } catch (error) {
      toast('Your data could not be read.')
      console.error(error)
      return fallback
    }
  }

  /** Keeps a value; saves happen in order, and a failed one is shown. */
  function save(key, value) {
    const text = JSON.stringify(value)
    lastSave = lastSave
      .then(() => storage().set(key, text))
      .catch((error) => {
        toast('This change could not be saved.')
        console.error(error)
      })
    return lastSave
  }

  /** An element. Text only ever becomes text, never markup. `on…` properties are listeners. */
  function el(tag, properties = {}, ...children) {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
      else if (typeof value === 'boolean' && !name.startsWith('aria-')) element.toggleAttribute(name, value)
      else if (value !== undefined) element.setAttribute(name, String(value))
    }
    element.append(...children.filter((child) => child !== undefined && child !== null))
    return element
  }

  /** A short message at the bottom, with an optional way back. */
  function toast(text, undo) {
    const box = document.getElementById('toast')
    clearTimeout(toastTimer)
    const close = () => box.replaceChildren()
    const button = undo && el('button', { type: 'button', onclick: () => (close(), undo()) }, 'Undo')
    box.replaceChildren(el('span', {}, text), ...(button ? [button] : []))
    toastTimer = setTimeout(close, undo ? 8000 : 4000)
  }

  /** Values of the fields that were added to a form later, by label; empty ones are left out. */
  function readExtras(form) {
    const fields = [...form.querySelectorAll('[data-extra]')]
    return Object.fromEntries(fields.map((field) => [field.dataset.extra, field.value.trim()]).filter(([, value]) => value !== ''))
  }

  /** Puts kept extra values back into a form. */
  function fillExtras(form, extras = {}) {
    for (const field of form.querySelectorAll('[data-extra]')) field.value = extras[field.dataset.extra] ?? ''
  }

  /** The extra values of an entry as a list, or nothing. */
  function showExtras(extras = {}) {
    const entries = Object.entries(extras)
    if (entries.length === 0) return undefined
    return el('dl', { class: 'extras' }, ...entries.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, String(value)))))
  }

  /** Takes an entry out of a list and offers to put it back where it was. */
  function removeWithUndo(list, entry, { name, changed }) {
    const index = list.indexOf(entry)
    list.splice(index, 1)
    changed()
    toast(`Deleted “${name}”`, () => {
      list.splice(index, 0, entry)
      changed()
    })
  }

  /** A name for a new entry that no other has. */
  const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 8)

  /** A day as YYYY-MM-DD in local time. */
  const dayKey = (date = new Date()) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`

  return { load, save, el, toast, readExtras, fillExtras, showExtras, removeWithUndo, newId, dayKey }
})()
