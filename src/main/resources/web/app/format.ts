// How numbers, times and values are written for people, in the language of the browser.

import type { Source, Value } from './api'

const NUMBER = new Intl.NumberFormat()
const DECIMAL = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 })
const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const SPANS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** Texts longer than this are shortened where there is no room for them. */
const EXCERPT = 200

export const count = (n: number) => NUMBER.format(n)

/** A count and its noun, "1 row" or "2 rows". */
export const counted = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`

export const decimal = (n: number) => DECIMAL.format(n)

export const percent = (part: number, whole: number) => {
  const share = whole === 0 ? 0 : (100 * part) / whole
  return `${share > 0 && share < 0.1 ? '<0.1' : NUMBER.format(Math.round(share * 10) / 10)} %`
}

/** Of 1,000 bytes to the kilobyte. */
export function bytes(n: number): string {
  let value = n
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

export const time = (iso: string) => DATE_TIME.format(new Date(iso))

/** How long ago, "3 hours ago". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000)
  for (const [unit, span] of SPANS) {
    if (seconds >= span) {
      return RELATIVE.format(-Math.floor(seconds / span), unit)
    }
  }
  return seconds < 10 ? 'just now' : RELATIVE.format(-Math.floor(seconds), 'second')
}

export function duration(seconds: number): string {
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`
  }
  if (seconds < 60) {
    return `${Math.round(seconds)} s`
  }
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** As much of a text as there is room for, whole characters only. */
export function excerpt(text: string, most = EXCERPT): string {
  if (text.length <= most) {
    return text
  }
  const end = /[\uD800-\uDBFF]/.test(text[most - 1]!) ? most - 1 : most
  return `${text.slice(0, end)}…`
}

/** A value of a table as text; NULL has none. */
export function value(v: Value | undefined): string {
  if (v === null || v === undefined) {
    return ''
  }
  return typeof v === 'object' ? jsonText(v) : String(v)
}

/** JSON whose numbers were kept as texts: which of them were numbers is not known any more, so they are written plainly. */
const jsonText = (v: object) => JSON.stringify(v)

export const sourceText = (source: Source) => (source.kind === 'url' ? (source.url ?? 'a URL') : 'an upload')

/** A character that separates or quotes, by its name if it cannot be seen. */
export function character(c: string | null): string {
  switch (c) {
    case null:
      return 'none'
    case '\t':
      return 'tab'
    case ' ':
      return 'space'
    default:
      return c
  }
}
