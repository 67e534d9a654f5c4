// The rows of a dataset: which, in what order, and how to ask for them elsewhere.

import { html, nothing, type TemplateResult } from 'lit'
import { datasetPath, Problem, read, readRows, type Column, type Dataset } from './api'
import './filters'
import { count, counted } from './format'
import type { Cell } from './grid'
import './grid'
import { NUMBER_COLUMN, ROW_NUMBER } from './line'
import { adjust, datasetHash } from './location'
import { Pages } from './pages'
import { addressOf, orderBy, parseAsked, pathOf, sortKeys, type Asked, type Target } from './query'
import './request'
import './rows.css'
import type { ValueDialog } from './value'
import './value'
import { problemBox, View } from './view'

/** Of a page: cells, and the fewest and most rows. */
const CELLS = 10_000
const ROWS = { min: 25, max: 200 }

/** Above this the service estimates how many rows there are. */
const COUNTED_EXACTLY = 10_000

const NUMBER = { name: NUMBER_COLUMN, type: 'number of the row' }

/** Fires `showcurrent`, with what is to be asked of the current version, whichever that is now. */
class DatasetRows extends View {
  static override properties = {
    subject: { attribute: false },
    query: { attribute: false },
    shown: { state: true },
    asked: { state: true },
    pages: { state: true },
    total: { state: true },
    isUncountable: { state: true },
    problem: { state: true },
    isBusy: { state: true },
  }
  declare subject: Dataset
  declare query: URLSearchParams
  /** The version whose rows these are. */
  declare shown: Dataset | null
  declare asked: Asked
  declare pages: Pages | null
  /** How many rows match; null if that is not known (yet). */
  declare total: number | null
  declare isUncountable: boolean
  declare problem: Problem | null
  declare isBusy: boolean

  private coming: Pages | null = null
  private counting: AbortController | null = null
  private readonly onChange = () => this.pagesChanged()

  constructor() {
    super()
    this.query = new URLSearchParams()
    this.asked = parseAsked(this.query)
    this.shown = null
    this.pages = null
    this.total = null
    this.isUncountable = false
    this.problem = null
    this.isBusy = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('subject') as Dataset | undefined
    if (changed.has('query') || before?.name !== this.subject.name) {
      const asked = parseAsked(this.query)
      if (before?.name !== undefined && before.name !== this.subject.name) {
        this.shown = null
      }
      if (this.shown === null || JSON.stringify(asked) !== JSON.stringify(this.asked)) {
        this.asked = asked
        void this.begin()
      }
    }
  }

  private stop(): void {
    this.coming?.stop()
    this.pages?.stop()
    this.counting?.abort()
  }

  private get target(): Target {
    return { dataset: this.subject.name, version: this.shown?.version ?? this.asked.version ?? this.subject.version }
  }

  /** Reads what is asked from its first row. What was seen before is seen until then. */
  private async begin(): Promise<void> {
    this.stop()
    const { asked } = this
    this.isBusy = true
    this.problem = null
    this.total = null
    this.isUncountable = false
    const problem = await this.attempt(async () => {
      const shown = await this.version(asked.version)
      if (this.asked === asked) {
        this.shown = shown
        this.readFirst(shown.columns)
      }
    })
    if (problem && this.asked === asked) {
      this.fail(problem)
    }
  }

  private async version(number: number | null): Promise<Dataset> {
    if (number === null || number === this.subject.version) {
      return this.subject
    }
    if (this.shown?.version === number && this.shown.name === this.subject.name) {
      return this.shown
    }
    return read<Dataset>(datasetPath(this.subject.name, `/versions/${number}`), this.signal)
  }

  private readFirst(columns: Column[]): void {
    const size = Math.max(ROWS.min, Math.min(ROWS.max, Math.floor(CELLS / columns.length)))
    const first = pathOf(this.target, this.asked, { select: `*,${NUMBER_COLUMN}`, limit: String(size) })
    const pages = new Pages(first, size, (path, signal) => readRows(path, null, signal))
    this.coming = pages
    pages.addEventListener(
      'change',
      () => {
        if (this.coming !== pages) {
          return
        }
        this.coming = null
        if (pages.problem) {
          this.fail(pages.problem)
          return
        }
        this.isBusy = false
        this.pages = pages
        pages.addEventListener('change', this.onChange)
        this.pagesChanged()
        void this.count()
      },
      { once: true },
    )
  }

  private fail(problem: Problem): void {
    this.pages = null
    this.isBusy = false
    this.problem = problem
  }

  private pagesChanged(): void {
    const { pages, asked } = this
    if (pages) {
      this.problem = pages.problem
      if (pages.isWhole && asked.from === null) {
        this.total = pages.length
        this.counting?.abort()
      }
    }
  }

  /** How many rows match: asked by itself, since counting all may take longer than finding the first. */
  private async count(): Promise<void> {
    const { asked, shown, pages } = this
    if (asked.filters.length === 0) {
      this.total = shown!.rows
    }
    if (this.total !== null) {
      return
    }
    const counting = new AbortController()
    this.counting = counting
    const path = pathOf(this.target, { ...asked, from: null, order: '' }, { select: NUMBER_COLUMN, limit: '1' })
    try {
      const { total } = await readRows(path, 'count=estimated', counting.signal)
      if (this.pages === pages) {
        this.total ??= total
      }
    } catch {
      this.isUncountable ||= this.pages === pages && !counting.signal.aborted // the rows are there nevertheless
    }
  }

  private get isExact(): boolean {
    return (
      this.asked.filters.length === 0 ||
      (this.pages?.isWhole ?? false) ||
      (this.total !== null && this.total <= COUNTED_EXACTLY)
    )
  }

  private get status(): string {
    const { asked, pages, total } = this
    if (this.isBusy) {
      return 'Loading…'
    }
    if (!pages) {
      return ''
    }
    if (total === null) {
      return this.isUncountable ? 'More rows than could be counted in time' : 'Counting…'
    }
    if (pages.isWhole && pages.length === 0) {
      return asked.filters.length > 0 ? 'No row matches' : 'No rows'
    }
    return this.isExact ? counted(total, 'row') : `≈ ${count(total)} rows`
  }

  /** Asks for something else, which stands in the address from then on. */
  private ask(asked: Partial<Asked>): void {
    this.query = addressOf({ ...this.asked, ...asked })
    adjust(datasetHash(this.subject.name, 'rows', this.query))
  }

  private sortBy(column: string): void {
    const key = sortKeys(this.asked.order)[0]
    if (key?.column !== column) {
      this.order(orderBy(column, false))
    } else {
      this.order(key.descending ? '' : orderBy(column, true))
    }
  }

  private order(order: string): void {
    this.ask({ order, from: order === '' ? this.asked.from : null })
  }

  private showCurrent(): void {
    const detail = addressOf({ ...this.asked, version: null })
    adjust(datasetHash(this.subject.name, 'rows', detail))
    this.dispatchEvent(new CustomEvent<URLSearchParams>('showcurrent', { detail }))
  }

  override render() {
    const { shown, pages, asked, total } = this
    const columns = shown?.columns ?? this.subject.columns
    const isOfAll = asked.from === null && this.isExact
    return html`
      <div class="rows-bar">
        <p class="rows-count" role="status">${this.status}</p>
        ${this.sortFields(columns)} ${this.goToRow()}
      </div>
      ${this.newer()}
      <rows-filters
        .columns=${columns}
        .asked=${asked}
        @ask=${(event: CustomEvent<Partial<Asked>>) => this.ask(event.detail)}
      ></rows-filters>
      <rows-request .target=${this.target} .asked=${asked}></rows-request>
      ${this.problem ? this.problemShown(this.problem) : nothing}
      <rows-grid
        ?hidden=${!pages && !this.isBusy}
        aria-busy=${this.isBusy}
        .label=${`Rows of ${this.subject.name}, version ${this.target.version}`}
        .columns=${columns}
        .pages=${pages}
        .total=${isOfAll ? total : null}
        .highest=${shown ? shown.rows + shown.rejects : 0}
        .sort=${sortKeys(asked.order)[0] ?? null}
        @sortby=${(event: CustomEvent<string>) => this.sortBy(event.detail)}
        @opencell=${(event: CustomEvent<Cell>) => this.open(event.detail)}
      ></rows-grid>
      <value-dialog></value-dialog>
    `
  }

  private problemShown(problem: Problem): TemplateResult {
    const isGone = ['VERSION_GONE', 'VERSION_NOT_FOUND'].includes(problem.problem.code)
    const retry = () => {
      this.problem = null
      if (this.pages) {
        this.pages.retry()
      } else {
        void this.begin()
      }
    }
    return html`${problemBox(problem, isGone ? undefined : retry)}
    ${isGone
      ? html`<p><button type="button" @click=${this.showCurrent}>Show the current version</button></p>`
      : nothing}`
  }

  /** A version that was published meanwhile takes nobody's place in the rows away. */
  private newer(): TemplateResult | typeof nothing {
    const { asked, shown, subject } = this
    if (!shown || shown.version === subject.version) {
      return nothing
    }
    const why =
      asked.version === null ? `Version ${count(subject.version)} is there.` : 'This is not the current version.'
    return html`<p class="rows-version">
      These are the rows of version ${count(shown.version)}. ${why}
      <button type="button" class="quiet" @click=${this.showCurrent}>Show the current version</button>
    </p>`
  }

  private sortFields(columns: Column[]): TemplateResult {
    const key = sortKeys(this.asked.order)[0]
    const choose = (event: Event) => {
      const column = (event.target as HTMLSelectElement).value
      this.order(column === '' ? '' : orderBy(column, key?.descending ?? false))
    }
    const names = columns.map(({ name }) => name)
    if (key && !names.includes(key.column)) {
      names.push(key.column)
    }
    const turn = (event: Event) =>
      this.order(orderBy(key!.column, (event.target as HTMLSelectElement).value === 'desc'))
    return html`
      <label class="field">
        <span>Sort by</span>
        <select @change=${choose}>
          <option value="" .selected=${!key}>order of the source</option>
          ${names.map((name) => html`<option value=${name} .selected=${key?.column === name}>${name}</option>`)}
        </select>
      </label>
      ${key
        ? html`<label class="field">
            <span>Direction</span>
            <select @change=${turn}>
              <option value="asc" .selected=${!key.descending}>ascending</option>
              <option value="desc" .selected=${key.descending}>descending</option>
            </select>
          </label>`
        : nothing}
    `
  }

  private goToRow(): TemplateResult | typeof nothing {
    if (this.asked.order !== '') {
      return nothing // rows have numbers in the order of the source
    }
    const submit = (event: SubmitEvent) => {
      event.preventDefault()
      const row = Number(new FormData(event.target as HTMLFormElement).get('row'))
      this.ask({ from: row > 1 ? row : null })
    }
    return html`<form class="rows-go" @submit=${submit}>
      <label class="field">
        <span>Go to row</span>
        <input
          name="row"
          type="number"
          inputmode="numeric"
          min="1"
          max="999999999999999"
          step="1"
          required
          .value=${String(this.asked.from ?? '')}
        />
      </label>
      <button type="submit" class="quiet">Go</button>
    </form>`
  }

  private open({ row, column }: Cell): void {
    const values = this.pages?.row(row)
    if (values) {
      const { name, type } = column === ROW_NUMBER ? NUMBER : this.shown!.columns[column - 1]!
      this.querySelector<ValueDialog>('value-dialog')!.show(
        values[name],
        name,
        `Row ${values[NUMBER_COLUMN] as string} · ${type}`,
      )
    }
  }
}

customElements.define('dataset-rows', DatasetRows)
