// Rows that are read page by page, each page found by the last row of the one before it. Of those far from view only
// the path is kept, by which they are read again.

import { Problem, type Rows, type Value } from './api'
import { unforeseen } from './view'

export type Row = { [column: string]: Value }

interface Page {
  path: string
  /** Null while they are not in memory. */
  rows: Row[] | null
}

/** Pages in memory. */
const KEPT = 20
const READING = 2

/** Says `change` when there are other rows or there is a problem. */
export class Pages extends EventTarget {
  problem: Problem | null = null
  /** How many rows are known so far. */
  length = 0
  private readonly pages: Page[] = []
  private readonly held = new Set<number>()
  private readonly reading = new Map<number, AbortController>()
  private next: string | null
  private wanted: number[] = [0]

  /** @param size rows of a page; all but the last have so many */
  constructor(
    first: string,
    readonly size: number,
    private readonly read: (path: string, signal: AbortSignal) => Promise<Rows>,
  ) {
    super()
    this.next = first
    this.proceed()
  }

  /** Whether all rows are known. */
  get isWhole(): boolean {
    return this.next === null
  }

  /** That row, from 0; undefined while it is not in memory. */
  row(index: number): Row | undefined {
    return this.pages[Math.floor(index / this.size)]?.rows?.[index % this.size]
  }

  /** Reads the rows that are seen, then as many others before and behind them. */
  want(first: number, last: number, around: number): void {
    const [begin, end, before, behind] = [first, last, first - around, last + around].map((row) =>
      Math.max(0, Math.floor(row / this.size)),
    ) as [number, number, number, number]
    this.wanted = []
    for (let page = begin; page <= behind; page++) {
      this.wanted.push(page)
    }
    for (let page = begin - 1; page >= before; page--) {
      this.wanted.push(page)
    }
    for (const [page, controller] of this.reading) {
      if (page < this.pages.length && !this.wanted.includes(page)) {
        controller.abort()
        this.reading.delete(page)
      }
    }
    this.drop((begin + end) / 2)
    this.proceed()
  }

  retry(): void {
    this.problem = null
    this.proceed()
  }

  stop(): void {
    this.wanted = []
    this.reading.forEach((controller) => controller.abort())
    this.reading.clear()
  }

  private proceed(): void {
    for (const page of this.wanted) {
      if (this.problem || this.reading.size >= READING) {
        return
      }
      if (page < this.pages.length) {
        if (!this.pages[page]!.rows && !this.reading.has(page)) {
          void this.fetch(page, this.pages[page]!.path)
        }
      } else if (this.next !== null && !this.reading.has(this.pages.length)) {
        void this.fetch(this.pages.length, this.next)
      }
    }
  }

  private async fetch(page: number, path: string): Promise<void> {
    const controller = new AbortController()
    this.reading.set(page, controller)
    try {
      const { rows, next } = await this.read(path, controller.signal)
      if (controller.signal.aborted) {
        return
      }
      if (page === this.pages.length) {
        this.length += rows.length
        this.next = rows.length === this.size ? next : null // what is not full is the last one
      }
      this.pages[page] = { path, rows }
      this.held.add(page)
    } catch (e) {
      if (controller.signal.aborted) {
        return
      }
      this.problem = e instanceof Problem ? e : unforeseen(e)
    }
    this.reading.delete(page)
    this.proceed()
    this.dispatchEvent(new Event('change'))
  }

  /** Forgets the rows of those pages that are farthest from there. */
  private drop(middle: number): void {
    if (this.held.size > KEPT) {
      const distance = (page: number) => Math.abs(page - middle)
      for (const page of [...this.held].sort((a, b) => distance(a) - distance(b)).slice(KEPT)) {
        this.pages[page]!.rows = null
        this.held.delete(page)
      }
    }
  }
}
