// A row of the document: its cells, where they are, and what is in them.

import type { Column, Value } from './api'
import { excerpt, value as valueText } from './format'
import type { Row } from './pages'
import type { SortKey } from './query'

/** The column in front of those of the dataset. */
export const ROW_NUMBER = 0
export const NUMBER_COLUMN = '_row'

/** Widths of columns, in characters. */
const NARROWEST = 6
const WIDEST = 32

const NUMBERS = ['bigint', 'numeric', 'double']
const WIDE_CHARACTERS = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]|[\ud800-\udbff]/g

export class Line {
  readonly element = document.createElement('div')
  readonly cells: HTMLElement[] = []
  index = NaN
  /** What it was filled with: undefined while that is on its way, null if it is to be filled again. */
  row: Row | null | undefined = null
  /** The row at the top of the window that it was placed in. */
  origin = 0
  /** The columns that have cells, the last one excluded, and where each begins. */
  begin = 1
  end = 1
  offsets: readonly number[] = []

  constructor(private readonly role: 'gridcell' | 'columnheader') {
    this.element.role = 'row'
  }

  /** Makes cells for the number of the row and for those columns, the last one excluded; which of them are new. */
  place(offsets: readonly number[], begin: number, end: number): HTMLElement[] {
    const { cells, element } = this
    if (this.offsets !== offsets) {
      cells.splice(0).forEach((cell) => cell.remove())
      this.offsets = offsets
      this.begin = this.end = begin
    }
    if (cells.length === 0) {
      cells.push(this.newCell(ROW_NUMBER))
      element.append(cells[0]!)
    }
    if (this.begin >= end || this.end <= begin) {
      cells.splice(1).forEach((cell) => cell.remove())
      this.begin = this.end = begin
    }
    while (this.begin < begin) {
      cells.splice(1, 1)[0]!.remove()
      this.begin++
    }
    while (this.end > end) {
      cells.pop()!.remove()
      this.end--
    }
    const placed: HTMLElement[] = []
    while (this.begin > begin) {
      const cell = this.newCell(--this.begin)
      cells[0]!.after(cell)
      cells.splice(1, 0, cell)
      placed.push(cell)
    }
    while (this.end < end) {
      const cell = this.newCell(this.end++)
      element.append(cell)
      cells.push(cell)
      placed.push(cell)
    }
    return placed
  }

  private newCell(column: number): HTMLElement {
    const cell = document.createElement('div')
    cell.role = column === ROW_NUMBER && this.role === 'gridcell' ? 'rowheader' : this.role
    cell.className = 'cell number'
    cell.ariaColIndex = String(column + 1)
    cell.style.left = `${this.offsets[column]!}px`
    cell.style.width = `${this.offsets[column + 1]! - this.offsets[column]!}px`
    return cell
  }
}

export const columnOf = (cell: HTMLElement) => Number(cell.ariaColIndex) - 1

export function fillCell(cell: HTMLElement, column: Column, value: Value | undefined): void {
  const state = value === null ? ' is-null' : value === '' ? ' is-empty' : ''
  const className = `cell ${kindOf(column)}${state}`
  if (cell.className !== className) {
    cell.className = className
  }
  const text = shown(value)
  if (cell.firstChild) {
    cell.firstChild.nodeValue = text
  } else {
    cell.append(text)
  }
}

/** What is at the head of a column, or of the numbers of rows. */
export function fillHead(cell: HTMLElement, column: Column | undefined, sort: SortKey | null): void {
  const name = column?.name ?? NUMBER_COLUMN
  cell.className = `cell ${column ? kindOf(column) : 'number'}`
  cell.ariaSort = sort?.column !== name ? 'none' : sort.descending ? 'descending' : 'ascending'
  cell.title = column && column.label !== column.name ? `${column.name}: ${column.label}` : ''
  const title = document.createElement('span')
  title.textContent = column ? column.name : 'row'
  const type = document.createElement('small')
  type.textContent = column?.type ?? ''
  cell.replaceChildren(title, type)
}

/** How wide columns are, in characters, by some of their rows and what they were before: they never shrink. */
export function widthsOf(columns: Column[], rows: Row[], before: number[]): number[] {
  return columns.map(({ name, type }, i) => {
    const texts = rows.map((row) => characters(shown(row[name]).slice(0, WIDEST)))
    const widest = Math.max(NARROWEST, characters(name) + 2, type.length, before[i] ?? 0, ...texts)
    return Math.min(widest, WIDEST)
  })
}

const kindOf = ({ type }: Column) => (NUMBERS.includes(type) ? 'number' : type === 'text' ? 'text' : 'other')

/** A value as far as there is room in a cell. */
function shown(value: Value | undefined): string {
  if (value === null) {
    return 'NULL'
  }
  return value === '' ? 'empty' : excerpt(valueText(value)).replace(/\r\n|[\r\n]/g, '↵')
}

/** How wide a text is, in characters of Latin. */
const characters = (text: string) => text.length + (text.match(WIDE_CHARACTERS)?.length ?? 0)
