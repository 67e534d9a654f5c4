// What is asked of rows: in the address, in the reading dialect, and as people, a shell and supabase-js say it.

/** A condition as it stands in a query: the name of a parameter and what it says. */
export interface Filter {
  name: string
  text: string
}

export interface Asked {
  /** Absent for the current one. */
  version: number | null
  /** The number of the row to begin at, where rows are in the order of the source. */
  from: number | null
  /** Keys as the dialect writes them; empty for the order of the source. */
  order: string
  filters: Filter[]
}

/** One key of the order. */
export interface SortKey {
  column: string
  descending: boolean
}

/** Columns that have the name of a parameter of the address are quoted there. */
const OURS = ['version', 'from']
/** What a page is asked for by is ours to say. */
const PAGING = ['select', 'limit', 'offset', '_after']
const TREES = ['and', 'or', 'not.and', 'not.or']
const ROW = '_row'

export function parseAsked(query: URLSearchParams): Asked {
  const asked: Asked = { version: null, from: null, order: '', filters: [] }
  for (const [name, text] of query) {
    if (OURS.includes(name) && /^\d{1,15}$/.test(text)) {
      asked[name as 'version' | 'from'] = Number(text)
    } else if (name === 'order') {
      asked.order = text
    } else if (!PAGING.includes(name)) {
      asked.filters.push({ name, text })
    }
  }
  return asked.order === '' ? asked : { ...asked, from: null }
}

export function addressOf({ version, from, order, filters }: Asked): URLSearchParams {
  const query = new URLSearchParams(filters.map(({ name, text }) => [name, text]))
  if (order !== '') {
    query.set('order', order)
  } else if (from !== null) {
    query.set('from', String(from))
  }
  if (version !== null) {
    query.set('version', String(version))
  }
  return query
}

/** A filter of a column, as the address has it. */
export const filterOf = (column: string, text: string): Filter => ({
  name: /[^\p{L}\p{M}\p{N}_]/u.test(column) || OURS.includes(column) ? quoted(column) : column,
  text,
})

/** The column that a filter is about; null if it is about several, or a part of one. */
export function columnOf({ name }: Filter): string | null {
  if (name.startsWith('"') && name.endsWith('"')) {
    return name.slice(1, -1).replace(/\\(.)/gs, '$1')
  }
  return TREES.includes(name) || name.includes('->') ? null : name
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

export function sortKeys(order: string): SortKey[] {
  return order === ''
    ? []
    : order.split(',').map((key) => {
        const [column = '', ...words] = key.trim().split('.')
        return { column, descending: words.includes('desc') }
      })
}

export const orderBy = (column: string, descending: boolean) => `${column}.${descending ? 'desc' : 'asc'}`

/** How a condition is said to people. */
export interface Operator {
  id: string
  words: string
  /** What it says of a value, in the dialect. */
  write(value: string): string
  /** The value that a text in the dialect says this of; null if it says something else. */
  read(text: string): string | null
  /** Of what types; all if absent. */
  types?: string[]
  hint?: string
  noValue?: boolean
}

const behind = (prefix: string) => ({
  write: (value: string) => prefix + value,
  read: (text: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : null),
})

const always = (text: string, ...others: string[]) => ({
  write: () => text,
  read: (said: string) => (said === text || others.includes(said) ? '' : null),
  noValue: true,
})

/** A pattern, in which `*` stands for any text; `%`, `_` and the backslash are what they are. */
function pattern(before: string, after: string) {
  const write = (value: string) => `ilike.${before}${value.replace(/[\\%_]/g, '\\$&')}${after}`
  return {
    write,
    read(text: string): string | null {
      const begin = `ilike.${before}`
      if (!text.startsWith(begin) || !text.endsWith(after) || text.length < begin.length + after.length) {
        return null
      }
      const value = text.slice(begin.length, text.length - after.length).replace(/\\(.)/gs, '$1')
      return write(value) === text ? value : null
    },
    types: ['text'],
    hint: '* stands for any text.',
  }
}

const ORDERED = ['text', 'bigint', 'numeric', 'double', 'date', 'time', 'timestamp', 'timestamptz']

export const OPERATORS: Operator[] = [
  { id: 'is', words: 'is', ...behind('eq.') },
  { id: 'is-not', words: 'is not', ...behind('neq.') },
  { id: 'contains', words: 'contains', ...pattern('*', '*') },
  { id: 'begins', words: 'begins with', ...pattern('', '*') },
  { id: 'less', words: 'is less than', ...behind('lt.'), types: ORDERED },
  { id: 'at-most', words: 'is at most', ...behind('lte.'), types: ORDERED },
  { id: 'greater', words: 'is greater than', ...behind('gt.'), types: ORDERED },
  { id: 'at-least', words: 'is at least', ...behind('gte.'), types: ORDERED },
  {
    id: 'one-of',
    words: 'is one of',
    write: (value) => `in.(${listOf(value).map(inList).join(',')})`,
    read: (text) => /^in\.\((.*)\)$/s.exec(text)?.[1] ?? null,
    types: [...ORDERED, 'uuid'],
    hint: 'Separated by commas; "in quotes" if there is a comma in one.',
  },
  { id: 'matches', words: 'matches', ...behind('match.'), types: ['text'], hint: 'A regular expression (POSIX).' },
  { id: 'empty', words: 'is empty (NULL)', ...always('is.null') },
  { id: 'not-empty', words: 'is not empty', ...always('not.is.null', 'is.not_null') },
]

export const operatorsFor = (type: string) => OPERATORS.filter(({ types }) => types?.includes(type) ?? true)

/** What a filter says, if it is one that people are offered. */
export function said(filter: Filter): { column: string; operator: Operator; value: string } | null {
  const column = columnOf(filter)
  if (column === null) {
    return null
  }
  for (const operator of OPERATORS) {
    const value = operator.read(filter.text)
    if (value !== null) {
      return { column, operator, value }
    }
  }
  return null
}

/** The values of a list as somebody writes it, or as the dialect does. */
export function listOf(text: string): string[] {
  const values: string[] = []
  const one = /\s*(?:"((?:[^"\\]|\\.)*)"\s*|([^,]*))(,|$)/gsy
  for (let match = one.exec(text); match; match = one.exec(text)) {
    values.push(match[1]?.replace(/\\(.)/gs, '$1') ?? match[2]!.trim())
    if (match[3] === '') {
      break
    }
  }
  return values.length === 1 && text.trim() === '' ? [] : values
}

const inList = (value: string) => (/^$|[,()"\\{}]|^\s|\s$/.test(value) ? quoted(value) : value)

export interface Target {
  dataset: string
  /** Null for whichever is current. */
  version: number | null
}

/** As little is escaped as may be, so that it can be read; a quote is, so that it stands in those of a shell. */
const escaped = (text: string) =>
  encodeURIComponent(text)
    .replace(/%(?:2C|3A|40)/g, decodeURIComponent)
    .replace(/'/g, '%27')

/** What the dialect calls a table. */
const tableOf = ({ dataset, version }: Target) => (version === null ? dataset : `${dataset}@${version}`)

/** The path of rows of a version; more parameters stand behind what is asked. */
export function pathOf({ dataset, version }: Target, asked: Asked, more: Record<string, string> = {}): string {
  const parameters = asked.filters.map(({ name, text }) => [bare(name), text] as const)
  if (asked.from !== null) {
    parameters.push([ROW, `gte.${asked.from}`])
  }
  if (asked.order !== '') {
    parameters.push(['order', asked.order])
  }
  const query = [...parameters, ...Object.entries(more)].map(([name, text]) => `${escaped(name)}=${escaped(text)}`)
  return `/rest/v1/${escaped(tableOf({ dataset, version }))}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

/** A name without quotes that only the address needs. */
const bare = (name: string) => (OURS.map(quoted).includes(name) ? name.slice(1, -1) : name)

export const shellQuoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`

/** A command that reads it; into a file, if that has a format. */
export function curl(url: string, format?: 'csv' | 'ndjson' | 'json', prefer?: string): string {
  const asked = format ? `${url}${url.includes('?') ? '&' : '?'}_download=${format}` : url
  const lines = [`curl -fsS${format ? 'OJ' : ''} ${shellQuoted(asked)}`, '-H "Authorization: Bearer $SLUICE_KEY"']
  if (prefer) {
    lines.push(`-H ${shellQuoted(`Prefer: ${prefer}`)}`)
  }
  return lines.join(' \\\n  ')
}

/** A literal of JavaScript; what turns the direction of text, or cannot be seen, is written by its number. */
export function jsQuoted(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\(.)|'/g, (all, c?: string) => (c === '"' ? '"' : c ? all : "\\'"))
    .replace(/[\p{Cf}\u2028\u2029]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
  return `'${inner}'`
}

/** A program that reads the first rows. */
export function supabaseJs(origin: string, target: Target, asked: Asked, limit: number): string {
  const filters = asked.filters.map(supabaseFilter)
  if (asked.from !== null) {
    filters.push(call('gte', ROW, asked.from))
  }
  const orders = asked.order === '' ? [] : asked.order.split(',').map(supabaseOrder)
  return `import { createClient } from '@supabase/supabase-js'

const sluice = createClient(${jsQuoted(origin)}, process.env.SLUICE_KEY ?? 'none')
const { data, error } = await sluice
  .from(${jsQuoted(tableOf(target))})
  .select('*')${[...filters, ...orders, `.limit(${limit})`].map((line) => `\n  ${line}`).join('')}
`
}

type Argument = string | number | boolean | null | string[]

function literal(argument: Argument): string {
  if (Array.isArray(argument)) {
    return `[${argument.map(jsQuoted).join(', ')}]`
  }
  return typeof argument === 'string' ? jsQuoted(argument) : String(argument)
}

const call = (method: string, ...given: Argument[]) => `.${method}(${given.map(literal).join(', ')})`

function supabaseFilter(filter: Filter): string {
  const { text } = filter
  if (TREES.includes(filter.name)) {
    return call('or', filter.name === 'or' ? text.replace(/^\((.*)\)$/s, '$1') : filter.name + text)
  }
  const column = columnOf(filter) ?? filter.name
  const [, not, word = '', value = ''] = /^(not\.)?([^.]*)\.?(.*)$/s.exec(text)!
  if (not) {
    return call('not', column, word, word === 'is' && value === 'null' ? null : value)
  }
  if (['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike'].includes(word)) {
    return call(word, column, value)
  }
  const constant = { null: null, true: true, false: false }[value]
  if (word === 'is' && constant !== undefined) {
    return call('is', column, constant)
  }
  const list = word === 'in' ? listOf(value.slice(1, -1)) : []
  if (list.length > 0 && !list.some((v) => /^$|["\\]|^\s|\s$/.test(v))) {
    return call('in', column, list) // else it would not quote them as they need it
  }
  return call('filter', column, word, value)
}

function supabaseOrder(key: string): string {
  const [column = '', ...words] = key.trim().split('.')
  const options = [`ascending: ${!words.includes('desc')}`]
  if (words.includes('nullsfirst') || words.includes('nullslast')) {
    options.push(`nullsFirst: ${words.includes('nullsfirst')}`)
  }
  return `.order(${jsQuoted(column)}, { ${options.join(', ')} })`
}
