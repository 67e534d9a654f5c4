// What rows are wanted: the filters there are, and a form to write another without knowing the dialect.

import { html, nothing, type TemplateResult } from 'lit'
import type { Column } from './api'
import { count, excerpt } from './format'
import { filterOf, OPERATORS, operatorsFor, said, type Asked, type Filter, type Operator } from './query'
import { View } from './view'

const NUMBERS = ['bigint', 'numeric', 'double']
const EXAMPLES: Record<string, string> = {
  date: '2026-11-23',
  time: '10:00:00',
  timestamp: '2026-11-23 10:00:00',
  timestamptz: '2026-11-23T10:00:00Z',
}

/** Says `filter` with the Filter that was written, and `close` when it is done. */
class FilterForm extends View {
  static override properties = {
    columns: {},
    filter: {},
    column: { state: true },
    operator: { state: true },
    value: { state: true },
  }
  declare columns: Column[]
  /** The one to be changed; null for another one. */
  declare filter: Filter | null
  declare column: string
  declare operator: Operator
  declare value: string

  constructor() {
    super()
    this.columns = []
    this.filter = null
    this.column = ''
    this.operator = OPERATORS[0]!
    this.value = ''
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('filter')) {
      const before = this.filter && said(this.filter)
      this.column = before?.column ?? this.columns[0]?.name ?? ''
      this.operator = before?.operator ?? this.operators[0]!
      this.value = before?.value ?? ''
    }
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('filter')) {
      this.querySelector<HTMLElement>(this.filter ? 'input, select[name="value"]' : 'select')?.focus()
    }
  }

  private get type(): string {
    return this.columns.find(({ name }) => name === this.column)?.type ?? 'bigint' // that of the number of the row
  }

  private get operators(): Operator[] {
    const operators = operatorsFor(this.type)
    return operators.includes(this.operator) || !this.filter ? operators : [this.operator, ...operators]
  }

  override render() {
    const isKnown = this.columns.some(({ name }) => name === this.column)
    return html`<form class="filter-form" aria-label="Filter" @submit=${this.submitted} @keydown=${this.pressed}>
      <label class="field">
        <span>Column</span>
        <select @change=${this.columnChosen}>
          ${isKnown ? nothing : html`<option .selected=${true} value=${this.column}>${this.column}</option>`}
          ${this.columns.map(
            ({ name }) => html`<option value=${name} .selected=${name === this.column}>${name}</option>`,
          )}
        </select>
      </label>
      <label class="field">
        <span>Condition</span>
        <select @change=${this.operatorChosen}>
          ${this.operators.map(
            (operator) =>
              html`<option value=${operator.id} .selected=${operator === this.operator}>${operator.words}</option>`,
          )}
        </select>
      </label>
      ${this.operator.noValue ? nothing : this.valueField()}
      <div class="actions">
        <button type="submit">Apply</button>
        <button type="button" class="quiet" @click=${this.close}>Cancel</button>
      </div>
    </form>`
  }

  private valueField() {
    const { type, operator } = this
    const set = (event: Event) => (this.value = (event.target as HTMLInputElement).value)
    if (type === 'boolean') {
      return html`<label class="field">
        <span>Value</span>
        <select name="value" @change=${set}>
          ${['true', 'false'].map((v) => html`<option value=${v} .selected=${v === this.value}>${v}</option>`)}
        </select>
      </label>`
    }
    return html`<label class="field">
      <span>Value</span>
      <input
        type="text"
        dir="auto"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        inputmode=${NUMBERS.includes(type) && operator.id !== 'one-of' ? 'decimal' : 'text'}
        placeholder=${EXAMPLES[type] ?? nothing}
        ?required=${type !== 'text'}
        .value=${this.value}
        @input=${set}
      />
      ${operator.hint ? html`<small>${operator.hint}</small>` : nothing}
    </label>`
  }

  private columnChosen(event: Event): void {
    this.column = (event.target as HTMLSelectElement).value
    const operators = operatorsFor(this.type)
    if (!operators.includes(this.operator)) {
      this.operator = operators[0]!
    }
  }

  private operatorChosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement
    this.operator = OPERATORS.find(({ id }) => id === value)!
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.close()
    }
  }

  private close(): void {
    this.dispatchEvent(new Event('close'))
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    // texts are taken as they are, blanks included
    const value = this.type === 'boolean' ? this.value || 'true' : this.type === 'text' ? this.value : this.value.trim()
    const detail = filterOf(this.column, this.operator.write(value))
    this.dispatchEvent(new CustomEvent<Filter>('filter', { detail }))
    this.close()
  }
}

customElements.define('filter-form', FilterForm)

/** Says `ask` with what is to be asked instead. */
class RowsFilters extends View {
  static override properties = { columns: {}, asked: {}, editing: { state: true } }
  declare columns: Column[]
  declare asked: Asked
  /** The filter that is being written: its index, or behind the last one for another one. */
  declare editing: number | null

  constructor() {
    super()
    this.editing = null
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('asked')) {
      this.editing = null
    }
  }

  override render() {
    const { filters, from } = this.asked
    const another = filters.length
    return html`
      <ul class="rows-chips" aria-label="Filters">
        ${filters.map((filter, i) => this.chip(filter, i))}
        ${from === null
          ? nothing
          : html`<li class="chip">from row ${count(from)} ${this.remover('from row', { from: null })}</li>`}
        <li>
          <button
            type="button"
            class="quiet"
            aria-expanded=${this.editing === another}
            @click=${() => (this.editing = this.editing === another ? null : another)}
          >
            Add filter
          </button>
        </li>
      </ul>
      ${this.editing === null ? nothing : this.form(this.editing)}
    `
  }

  private chip(filter: Filter, at: number): TemplateResult {
    const text = `${filter.name}=${filter.text}`
    const filters = this.asked.filters.toSpliced(at, 1)
    const edit = () => (this.editing = at)
    return html`<li class="chip">
      ${said(filter)
        ? html`<button type="button" class="chip-text" @click=${edit}>
            <span class="unseen">Change the filter</span> ${words(filter)}
          </button>`
        : html`<code dir="auto">${excerpt(text, 80)}</code>`}
      ${this.remover(text, { filters })}
    </li>`
  }

  private remover(what: string, instead: Partial<Asked>): TemplateResult {
    const label = `Remove the filter ${what}`
    const remove = () => void this.removed(instead)
    return html`<button type="button" class="chip-remove" aria-label=${label} @click=${remove}>×</button>`
  }

  private form(at: number): TemplateResult {
    const { filters } = this.asked
    const set = (event: CustomEvent<Filter>) => this.ask({ filters: filters.toSpliced(at, 1, event.detail) })
    return html`<filter-form
      .columns=${this.columns}
      .filter=${filters[at] ?? null}
      @filter=${set}
      @close=${() => void this.closeForm()}
    ></filter-form>`
  }

  private ask(detail: Partial<Asked>): void {
    this.dispatchEvent(new CustomEvent('ask', { detail }))
  }

  private async removed(instead: Partial<Asked>): Promise<void> {
    this.ask(instead)
    await drawn()
    if (document.activeElement === document.body) {
      this.focusOnAdd() // the button went away that had it
    }
  }

  private async closeForm(): Promise<void> {
    this.editing = null
    await drawn()
    this.focusOnAdd()
  }

  private focusOnAdd(): void {
    this.querySelector<HTMLElement>('.rows-chips li:last-child button')?.focus()
  }
}

/** Until all that was asked for stands in the page. */
const drawn = () => new Promise(requestAnimationFrame)

function words(filter: Filter): TemplateResult {
  const { column, operator, value } = said(filter)!
  const shown = operator.noValue ? nothing : html`<bdi>${excerpt(value, 60)}</bdi>`
  return html`<bdi>${column}</bdi> ${operator.words} ${shown}`
}

customElements.define('rows-filters', RowsFilters)
