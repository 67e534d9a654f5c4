// A grid of rows of which only those in view, and of them only the columns in view, are in the document.

import { html } from 'lit'
import type { Column, Value } from './api'
import { value as valueText } from './format'
import { columnOf, fillCell, fillHead, Line, NUMBER_COLUMN, ROW_NUMBER, widthsOf } from './line'
import type { Pages, Row } from './pages'
import type { SortKey } from './query'
import { copyText, View } from './view'

/** A column, or its row's number (ROW_NUMBER), or what is at the head of it (row -1). */
export interface Cell {
  row: number
  column: number
}

const HEAD = -1

/** Rows above and below those in view, and pixels beside the columns in view. */
const OVERSCAN_ROWS = 8
const OVERSCAN_PIXELS = 240

/** Rows that have a place in the document at once: no browser has room for millions of pixels. */
const WINDOW = 300_000
/** So near to the end of the window another one is opened. */
const MARGIN = 2_000

/** Of those rows the widths of columns are found. */
const SAMPLED_ROWS = 40

class RowsGrid extends View {
  static override properties = { columns: {}, pages: {}, total: {}, highest: {}, sort: {}, label: {} }
  declare columns: Column[]
  declare pages: Pages | null
  /** How many rows there are; null if that is not known. */
  declare total: number | null
  /** No row has a higher number. */
  declare highest: number
  declare sort: SortKey | null
  declare label: string

  private scroller!: HTMLElement
  private body!: HTMLElement
  private readonly head = new Line('columnheader')
  private lines: Line[] = []
  /** In characters; columns grow with what is seen of them, and never shrink. */
  private widths: number[] = []
  private offsets: number[] = [0]
  private numberWidth = 0
  private rowHeight = 28
  private headHeight = 48
  private characterWidth = 8
  private height = 0
  private width = 0
  /** The row at the top of the document's window. */
  private origin = 0
  private active: Cell = { row: 0, column: 1 }
  private marked: HTMLElement | undefined
  private isMeasured = false
  private readonly onChange = () => this.pagesChanged()

  constructor() {
    super()
    this.columns = []
    this.pages = null
    this.total = null
    this.highest = 0
    this.sort = null
    this.label = ''
  }

  override render() {
    return html`
      <div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-colcount=${this.columns.length + 1}
        aria-rowcount=${this.total === null ? -1 : this.total + 1}
        @scroll=${{ handleEvent: () => this.draw(), passive: true }}
        @keydown=${this.pressed}
        @focus=${this.focused}
        @click=${this.clicked}
        @dblclick=${this.opened}
      >
        <div class="grid-head" role="rowgroup"></div>
        <div class="grid-body" role="rowgroup"></div>
      </div>
    `
  }

  protected override firstUpdated(): void {
    this.scroller = this.querySelector<HTMLElement>('.grid')!
    this.body = this.querySelector<HTMLElement>('.grid-body')!
    this.querySelector('.grid-head')!.append(this.head.element)
    const { font, fontSize } = getComputedStyle(this.scroller)
    this.rowHeight = Math.round(parseFloat(fontSize) * 2)
    this.headHeight = Math.round(parseFloat(fontSize) * 3.4)
    this.characterWidth = widthOfDigits(font)
    this.head.element.style.height = `${this.headHeight}px`
    const observer = new ResizeObserver(() => this.resized())
    observer.observe(this.scroller)
    this.signal.addEventListener('abort', () => observer.disconnect())
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('pages')) {
      const before = changed.get('pages') as Pages | null | undefined
      before?.removeEventListener('change', this.onChange)
      this.pages?.addEventListener('change', this.onChange)
      this.origin = 0
      this.scroller.scrollTop = 0
      if (this.active.row !== HEAD) {
        this.active = { ...this.active, row: 0 }
      }
    }
    if (changed.has('columns')) {
      this.widths = []
      this.active.column = Math.min(this.active.column, this.columns.length)
    }
    if (changed.has('columns') || changed.has('pages')) {
      this.isMeasured = false
      this.measure()
      this.lines.forEach((line) => (line.row = null)) // so that it is filled again
    }
    this.head.row = null
    this.draw()
  }

  private resized(): void {
    this.height = this.scroller.clientHeight
    this.width = this.scroller.clientWidth
    this.draw()
  }

  private pagesChanged(): void {
    this.measure()
    this.draw()
  }

  /** Finds the width of every column, by the first rows as soon as there are some. */
  private measure(): void {
    if (this.isMeasured) {
      return
    }
    const rows: Row[] = []
    for (let i = 0; i < SAMPLED_ROWS && this.pages?.row(i); i++) {
      rows.push(this.pages.row(i)!)
    }
    this.isMeasured = rows.length > 0
    this.numberWidth = this.pixels(Math.max(3, String(this.highest).length))
    this.widths = widthsOf(this.columns, rows, this.widths)
    const offsets = [0, this.numberWidth]
    for (const width of this.widths) {
      offsets.push(offsets.at(-1)! + this.pixels(width))
    }
    this.offsets = offsets
  }

  private pixels(characters: number): number {
    return Math.round((characters + 2.5) * this.characterWidth)
  }

  /** How many rows there is room for: those that are known, and some that are on their way. */
  private get length(): number {
    if (!this.pages) {
      return 0
    }
    const { length, isWhole, size, problem } = this.pages
    return isWhole || problem ? length : Math.max(length, Math.min(length + size, this.total ?? Infinity))
  }

  private draw(): void {
    const { scroller, rowHeight } = this
    if (!scroller) {
      return
    }
    const { scrollTop, scrollLeft } = scroller
    const room = Math.max(0, this.height - this.headHeight)
    let first = this.origin + Math.floor(scrollTop / rowHeight)
    const last = Math.min(this.length, first + Math.ceil(room / rowHeight) + 1)
    first = Math.min(first, last)
    if (this.moveWindow(first, last)) {
      return // it scrolled, and so draws
    }
    this.sizeBody()
    this.pages?.want(first, Math.max(first, last - 1), 2 * Math.ceil(this.height / rowHeight))
    const [begin, end] = this.columnsBetween(scrollLeft - OVERSCAN_PIXELS, scrollLeft + this.width + OVERSCAN_PIXELS)
    this.drawHead(begin, end)
    this.drawRows(Math.max(this.origin, first - OVERSCAN_ROWS), Math.min(this.length, last + OVERSCAN_ROWS), begin, end)
    this.pointAtActive()
  }

  /** Opens another window onto the rows near the end of this one; whether it did. */
  private moveWindow(first: number, last: number): boolean {
    const { origin } = this
    if (last > origin + WINDOW - MARGIN && origin + WINDOW < this.length) {
      this.origin = first - WINDOW / 2
    } else if (origin > 0 && first < origin + MARGIN) {
      this.origin = Math.max(0, first - WINDOW / 2)
    }
    if (this.origin === origin) {
      return false
    }
    this.sizeBody()
    this.scroller.scrollTop += (origin - this.origin) * this.rowHeight
    return true
  }

  private sizeBody(): void {
    const rows = Math.min(this.length - this.origin, WINDOW)
    this.setStyle(this.body, 'height', `${rows * this.rowHeight}px`)
    this.setStyle(this.body, 'width', `${this.offsets.at(-1)!}px`)
  }

  private columnsBetween(left: number, right: number): [number, number] {
    let begin = 1
    while (begin < this.columns.length && this.offsets[begin + 1]! <= left + this.numberWidth) {
      begin++
    }
    let end = begin
    while (end <= this.columns.length && this.offsets[end]! < right) {
      end++
    }
    return [begin, end]
  }

  private drawHead(begin: number, end: number): void {
    const { head } = this
    const isStale = head.offsets !== this.offsets || head.row === null
    const placed = head.place(this.offsets, begin, end)
    head.element.ariaRowIndex = '1'
    this.setStyle(head.element, 'width', `${this.offsets.at(-1)!}px`)
    for (const cell of isStale ? head.cells : placed) {
      fillHead(cell, this.columns[columnOf(cell) - 1], this.sort)
    }
    head.row = undefined
  }

  private drawRows(first: number, last: number, begin: number, end: number): void {
    const { lines } = this
    const wanted = Math.max(0, last - first)
    // in the order of the rows, whichever lines they are in, since that is the order in which they are read out
    if (lines.length > 0 && wanted > 0) {
      const shift = first - lines[0]!.index
      if (shift > 0 && shift < lines.length) {
        const moved = lines.splice(0, shift)
        lines.push(...moved)
        this.body.append(...moved.map(({ element }) => element))
      } else if (shift < 0 && -shift < lines.length) {
        const moved = lines.splice(shift)
        lines.unshift(...moved)
        this.body.prepend(...moved.map(({ element }) => element))
      }
    }
    while (lines.length < wanted) {
      const line = new Line('gridcell')
      lines.push(line)
      this.body.append(line.element)
    }
    lines.splice(wanted).forEach(({ element }) => element.remove())
    lines.forEach((line, i) => this.drawLine(line, first + i, begin, end))
  }

  private drawLine(line: Line, index: number, begin: number, end: number): void {
    const { element } = line
    const row = this.pages?.row(index)
    const isSame = line.index === index && line.row === row && line.offsets === this.offsets
    if (isSame && line.begin === begin && line.end === end && line.origin === this.origin) {
      return
    }
    element.style.transform = `translateY(${(index - this.origin) * this.rowHeight}px)`
    this.setStyle(element, 'height', `${this.rowHeight}px`)
    this.setStyle(element, 'width', `${this.offsets.at(-1)!}px`)
    const placed = line.place(this.offsets, begin, end)
    if (!isSame) {
      element.ariaRowIndex = String(index + 2)
      element.classList.toggle('pending', !row)
      line.cells[0]!.textContent = row ? String(row[NUMBER_COLUMN]) : ''
    }
    for (const cell of isSame ? placed : line.cells.slice(1)) {
      const column = this.columns[columnOf(cell) - 1]!
      fillCell(cell, column, row?.[column.name])
    }
    line.index = index
    line.row = row
    line.origin = this.origin
  }

  private setStyle(element: HTMLElement, property: 'height' | 'width', value: string): void {
    if (element.style[property] !== value) {
      element.style[property] = value
    }
  }

  /** Tells which cell is the active one, by its id: another id says to a screen reader that it is another cell. */
  private pointAtActive(): void {
    const { row, column } = this.active
    const line = row === HEAD ? this.head : this.lines.find(({ index }) => index === row)
    const cell = line?.cells.find((c) => columnOf(c) === column)
    if (this.marked && this.marked !== cell) {
      this.marked.classList.remove('active')
      this.marked.removeAttribute('id')
    }
    this.marked = cell
    if (!cell) {
      this.scroller.removeAttribute('aria-activedescendant')
      return
    }
    cell.classList.add('active')
    cell.id = `cell-${row + 1}-${column}`
    this.scroller.setAttribute('aria-activedescendant', cell.id)
  }

  private activate(cell: Cell): void {
    this.active = cell
    this.reveal()
    this.draw()
  }

  /** Scrolls as far as the active cell is seen. */
  private reveal(): void {
    const { scroller, rowHeight, offsets, numberWidth, active } = this
    if (active.row !== HEAD) {
      if (active.row < this.origin || active.row >= this.origin + WINDOW) {
        this.origin = Math.max(0, active.row - WINDOW / 2)
        this.sizeBody()
      }
      const top = (active.row - this.origin) * rowHeight
      const bottom = top + rowHeight - (this.height - this.headHeight)
      scroller.scrollTop = Math.min(top, Math.max(scroller.scrollTop, bottom))
    }
    if (active.column !== ROW_NUMBER) {
      const left = offsets[active.column]! - numberWidth
      const right = offsets[active.column + 1]! - this.width
      scroller.scrollLeft = Math.min(left, Math.max(scroller.scrollLeft, right))
    }
  }

  /** With a mouse one points at another cell next, which must not move away. */
  private focused(): void {
    if (this.scroller.matches(':focus-visible')) {
      this.reveal()
    }
  }

  private pressed(event: KeyboardEvent): void {
    const { row, column } = this.active
    const last = (this.pages?.length ?? 0) - 1
    const screen = Math.max(1, Math.floor((this.height - this.headHeight) / this.rowHeight) - 1)
    const to = (r: number, c: number) => ({
      row: Math.max(HEAD, Math.min(r, last)),
      column: Math.max(0, Math.min(c, this.columns.length)),
    })
    const whole = event.ctrlKey || event.metaKey
    const moves: Record<string, () => Cell> = {
      ArrowUp: () => to(row - 1, column),
      ArrowDown: () => to(row + 1, column),
      ArrowLeft: () => to(row, column - 1),
      ArrowRight: () => to(row, column + 1),
      Home: () => (whole ? to(0, 0) : to(row, 0)),
      End: () => (whole ? to(last, this.columns.length) : to(row, this.columns.length)),
      PageUp: () => to(Math.max(0, row - screen), column),
      PageDown: () => to(row + screen, column),
    }
    const move = event.altKey ? undefined : moves[event.key]
    if (move) {
      this.activate(move())
    } else if (event.key === 'Enter') {
      this.enter()
    } else if (event.key === 'c' && whole && getSelection()?.isCollapsed) {
      void copyText(valueText(this.valueAt(this.active)))
    } else {
      return
    }
    event.preventDefault()
  }

  private cellOf(event: Event): Cell | null {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.cell') : null
    return cell ? { row: Number(cell.parentElement!.ariaRowIndex) - 2, column: columnOf(cell) } : null
  }

  private clicked(event: Event): void {
    const cell = this.cellOf(event)
    if (cell) {
      this.activate(cell)
      if (cell.row === HEAD) {
        this.enter()
      }
    }
  }

  private opened(event: Event): void {
    if ((this.cellOf(event)?.row ?? HEAD) !== HEAD) {
      this.enter()
    }
  }

  private valueAt({ row, column }: Cell): Value | undefined {
    return row === HEAD ? this.nameOf(column) : this.pages?.row(row)?.[this.nameOf(column)]
  }

  private nameOf(column: number): string {
    return column === ROW_NUMBER ? NUMBER_COLUMN : this.columns[column - 1]!.name
  }

  private enter(): void {
    const { row, column } = this.active
    if (row === HEAD) {
      this.dispatchEvent(new CustomEvent<string>('sortby', { detail: this.nameOf(column) }))
    } else if (this.pages?.row(row)) {
      this.dispatchEvent(new CustomEvent<Cell>('opencell', { detail: this.active }))
    }
  }
}

/** Of one, in pixels; letters are about as wide. */
function widthOfDigits(font: string): number {
  const canvas = document.createElement('canvas').getContext('2d')!
  canvas.font = font
  return canvas.measureText('0').width
}

customElements.define('rows-grid', RowsGrid)
