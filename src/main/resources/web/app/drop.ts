// A file or a URL becomes a dataset: what is found in it is shown first, and can be changed.

import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import {
  changeOnce,
  datasetPath,
  idempotencyKey,
  Problem,
  sample,
  type Ingest,
  type Sample,
} from './api'
import { bytes, character, count, counted, excerpt, percent } from './format'
import { datasetHash, go, ingestHash } from './location'
import { SAMPLE_FILE } from './sample'
import { Upload } from './upload'
import { busy, problemBox, unforeseen, View } from './view'

const TYPES = ['boolean', 'bigint', 'numeric', 'double', 'date', 'time', 'timestamp', 'timestamptz', 'uuid', 'text']
const OPTIONS = ['delimiter', 'quote', 'header', 'dateOrder', 'onBadRow', 'maxRejects', 'maxRejectShare', 'index', 'types'] as const
const TYPING_MS = 300

/** What somebody dropped before there was anything to take it. */
let dropped: File | null = null

/** The upload that goes on, whatever is looked at meanwhile. */
let uploading: Upload | null = null

/** Why the last upload was not stored, until there is something else to be loaded. */
let failure: Problem | null = null

/** Takes a file that was dropped somewhere else in the console. */
export function take(file: File): void {
  dropped = file
  if (location.hash.startsWith('#/new')) {
    dispatchEvent(new Event('dropped'))
  } else {
    go('#/new')
  }
}

/** Ends what is somebody's who leaves. */
export async function leave(): Promise<void> {
  const upload = uploading
  uploading = dropped = failure = null
  await upload?.cancel()
}

addEventListener('beforeunload', (event) => uploading && event.preventDefault())

/** A dataset's name made of a file's or an address's. */
export function nameOf(source: string): string {
  const last = source.split(/[?#]/, 1)[0]!.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
  const name = last
    .replace(/(\.(csv|tsv|txt|gz))+$/i, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .replace(/_+$/, '')
    .slice(0, 63)
  return name || 'data'
}

class NewData extends View {
  static override properties = {
    query: { attribute: false },
    file: { state: true },
    url: { state: true },
    name: { state: true },
    options: { state: true },
    found: { state: true },
    foundProblem: { state: true },
    problem: { state: true },
  }
  declare query: URLSearchParams
  declare file: File | null
  declare url: string
  declare name: string
  declare options: URLSearchParams
  declare found: Sample | null
  declare foundProblem: Problem | null
  declare problem: Problem | null
  private looking: AbortController | null = null
  private typing = 0
  private key = ''

  constructor() {
    super()
    this.query = new URLSearchParams()
    this.file = null
    this.url = ''
    this.name = ''
    this.options = new URLSearchParams()
    this.found = null
    this.foundProblem = null
    this.problem = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('dropped', () => this.takeDropped(), { signal: this.signal })
    addEventListener('uploading', () => this.uploadChanged(), { signal: this.signal })
    this.takeDropped()
  }

  private uploadChanged(): void {
    const why = failure
    this.takeDropped()
    failure = why // of the file before, which is still to be told
    this.requestUpdate()
  }

  /** What is dropped while another file is sent is taken after it. */
  private takeDropped(): void {
    if (dropped && !uploading) {
      this.choose(dropped)
      dropped = null
    }
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('query') && changed.get('query')?.toString() !== this.query.toString()) {
      this.url = this.query.get('url') ?? this.url
      this.name = this.query.get('name') ?? this.name
      for (const option of OPTIONS) {
        this.option(option, this.query.get(option) ?? this.options.get(option) ?? '')
      }
      if (this.query.has('sample')) {
        this.choose(SAMPLE_FILE)
      }
    }
  }

  private choose(file: File): void {
    this.file = file
    this.url = ''
    this.problem = null
    failure = null
    this.found = null
    this.foundProblem = null
    this.option('types', '') // which were those of other columns
    this.name = this.query.get('name') ?? nameOf(file.name)
    void this.look()
  }

  private option(name: (typeof OPTIONS)[number], text: string): void {
    const options = new URLSearchParams(this.options)
    if (text) {
      options.set(name, text)
    } else {
      options.delete(name)
    }
    this.options = options
    this.key = ''
  }

  /** Asks what would be found with these options. */
  private async look(): Promise<void> {
    if (!this.file) {
      return
    }
    this.looking?.abort()
    const looking = new AbortController()
    this.looking = looking
    const problem = await this.attempt(async () => {
      try {
        const found = await sample(this.file!, this.options, AbortSignal.any([looking.signal, this.signal]))
        if (!looking.signal.aborted) {
          this.found = found
          this.foundProblem = null
        }
      } catch (e) {
        if (!looking.signal.aborted) {
          throw e
        }
      }
    })
    if (problem && !looking.signal.aborted) {
      this.foundProblem = problem // beside what was found before, so that a choice can be taken back
    }
  }

  override render() {
    return html`
      <h1>Add data</h1>
      ${uploading ? this.going(uploading) : this.form()}
    `
  }

  private form() {
    return html`
      <form class="stack" @submit=${this.load}>
        <div class="choose">
          <label class="drop" @dragover=${this.over} @dragleave=${this.out} @drop=${this.out}>
            <strong>Drop a CSV or TSV file here</strong>
            <span>or choose one</span>
            <input type="file" accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain" @change=${this.chosen} />
          </label>
          <div class="stack">
            <label class="field">
              <span>or paste its URL</span>
              <input type="url" placeholder="https://…" .value=${live(this.url)} @input=${this.typedUrl} />
            </label>
            <p><button type="button" class="quiet" @click=${() => this.choose(SAMPLE_FILE)}>Try a sample file</button></p>
          </div>
        </div>
        ${this.file || this.url ? this.details() : problemBox(failure)}
      </form>
    `
  }

  private over(event: DragEvent): void {
    ;(event.currentTarget as HTMLElement).classList.add('over')
  }

  private out(event: DragEvent): void {
    ;(event.currentTarget as HTMLElement).classList.remove('over')
  }

  private chosen(event: Event): void {
    const file = (event.target as HTMLInputElement).files?.[0]
    if (file) {
      this.choose(file)
    }
  }

  private typedUrl(event: InputEvent): void {
    const before = nameOf(this.url)
    this.url = (event.target as HTMLInputElement).value.trim()
    this.file = null
    this.found = null
    this.foundProblem = null
    failure = null
    this.key = ''
    if (!this.name || this.name === before) {
      this.name = this.url ? nameOf(this.url) : ''
    }
  }

  private details() {
    return html`
      <p class="chosen" role="status">
        ${this.file ? html`<bdi>${excerpt(this.file.name)}</bdi> <span class="dim">${bytes(this.file.size)}</span>` : nothing}
      </p>
      <label class="field">
        <span>Name of the dataset</span>
        <input
          name="name"
          required
          pattern="[a-z][a-z0-9_\\-]{0,62}"
          title="Lower case letters, digits, - and _, a letter first, at most 63"
          autocomplete="off"
          spellcheck="false"
          .value=${live(this.name)}
          @input=${(e: InputEvent) => (this.name = (e.target as HTMLInputElement).value)}
        />
      </label>
      ${this.how()} ${this.file ? this.preview() : nothing} ${problemBox(this.problem ?? failure)}
      <p><button type="submit">Load</button></p>
    `
  }

  private how() {
    const found = this.found?.dialect
    const auto = (text: string | null | undefined) => (text === undefined ? 'found automatically' : `found: ${character(text)}`)
    return html`
      <fieldset class="options">
        <legend>How it is read</legend>
        ${this.choice('delimiter', 'Delimiter', auto(found?.delimiter), [',', ';', 'tab', '|'])}
        ${this.choice('quote', 'Quote', auto(found?.quote), ['"', "'", 'none'])}
        ${this.choice('header', 'First record is the header', 'unless it looks like data', ['true', 'false'])}
        ${this.choice('dateOrder', 'Dates as 03/04/2024', 'found automatically', ['dmy', 'mdy', 'ymd'])}
        ${this.choice('onBadRow', 'Rows that do not fit', 'keep them out, as rejects', ['fail'])}
        ${this.typed('maxRejects', 'Rejects at most', '1000', 'numeric')}
        ${this.typed('maxRejectShare', 'Share of rows kept out at most', '0.1', 'text')}
        ${this.typed('index', 'Indexes of columns', 'none, or zip,city', 'text')}
        ${this.file && (this.found || !this.foundProblem) ? nothing : this.typed('types', 'Types of columns', 'found automatically, or zip:text,fee:numeric', 'text')}
      </fieldset>
    `
  }

  private choice(name: (typeof OPTIONS)[number], label: string, auto: string, values: string[]) {
    const chosen = this.options.get(name) ?? ''
    const all = chosen && !values.includes(chosen) ? [...values, chosen] : values
    return html`
      <label class="field">
        <span>${label}</span>
        <select @change=${(e: Event) => this.changed(name, (e.target as HTMLSelectElement).value)}>
          <option value="" .selected=${live(chosen === '')}>${auto}</option>
          ${all.map((value) => html`<option value=${value} .selected=${live(chosen === value)}>${value}</option>`)}
        </select>
      </label>
    `
  }

  private typed(name: (typeof OPTIONS)[number], label: string, placeholder: string, mode: 'numeric' | 'text') {
    return html`
      <label class="field">
        <span>${label}</span>
        <input
          autocomplete="off"
          spellcheck="false"
          inputmode=${mode}
          placeholder=${placeholder}
          .value=${live(this.options.get(name) ?? '')}
          @input=${(e: InputEvent) => this.changed(name, (e.target as HTMLInputElement).value.trim())}
        />
      </label>
    `
  }

  private changed(name: (typeof OPTIONS)[number], text: string): void {
    this.option(name, text)
    if (name === 'delimiter' || name === 'quote' || name === 'header') {
      this.option('types', '') // there are other columns
    }
    clearTimeout(this.typing)
    this.typing = window.setTimeout(() => void this.look(), TYPING_MS)
  }

  private preview() {
    if (!this.found && !this.foundProblem) {
      return busy('Looking into the file')
    }
    return html`${problemBox(this.foundProblem)} ${this.found ? this.table(this.found) : nothing}`
  }

  private table(found: Sample) {
    return html`
      <section aria-labelledby="found">
        <h2 id="found">What is found at its beginning</h2>
        <p class="dim" role="status">
          ${counted(found.columns.length, 'column')}, ${found.format.toUpperCase()}, ${found.encoding}${found.rejects.length > 0
            ? html`, <strong>${counted(found.rejects.length, 'row')} would be kept out</strong>: row ${count(found.rejects[0]!.row)}, ${found.rejects[0]!.reason}`
            : nothing}
        </p>
        <div class="scroll" tabindex="0" role="region" aria-label="The first rows">
          <table class="cells">
            <thead>
              <tr>${found.columns.map((c) => html`<th scope="col"><bdi>${excerpt(c.label, 60)}</bdi></th>`)}</tr>
              <tr>
                ${found.columns.map(
                  (c) => html`<td>
                    <select aria-label=${`Type of ${excerpt(c.label, 60)}`} @change=${(e: Event) => this.pin(c.name, (e.target as HTMLSelectElement).value)}>
                      <option value="" .selected=${live(!this.pins.has(c.name))}>${this.pins.has(c.name) ? 'automatic' : `${c.type} (found)`}</option>
                      ${TYPES.map((type) => html`<option value=${type} .selected=${live(this.pins.get(c.name) === type)}>${type}</option>`)}
                    </select>
                  </td>`,
                )}
              </tr>
            </thead>
            <tbody>
              ${found.rows.map(
                (row) => html`<tr>
                  ${row.map((cell) => html`<td>${cell === null ? html`<span class="null">NULL</span>` : html`<bdi>${excerpt(cell, 60)}</bdi>`}</td>`)}
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>
    `
  }

  /** Types that were chosen, by column. */
  private get pins(): Map<string, string> {
    const pairs = (this.options.get('types') ?? '').split(',').filter(Boolean)
    return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]))
  }

  private pin(column: string, type: string): void {
    const { pins } = this
    if (type) {
      pins.set(column, type)
    } else {
      pins.delete(column)
    }
    this.changed('types', [...pins].map((pair) => pair.join(':')).join(','))
  }

  private async load(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    this.problem = null
    if (this.file) {
      await this.send(this.file)
    } else {
      this.problem = await this.attempt(() => this.fetch())
    }
  }

  private async fetch(): Promise<void> {
    this.key ||= idempotencyKey()
    const ingest = await changeOnce<Ingest>(datasetPath(this.name, '/ingests'), {
      method: 'POST',
      body: { url: this.url, options: Object.fromEntries(this.options) },
      headers: { 'Idempotency-Key': this.key },
    })
    go(ingestHash(ingest.id))
  }

  /** Sends it to its end, also when nobody looks at this view any more. */
  private async send(file: File): Promise<void> {
    const upload = new Upload(this.name, file, this.options, () => dispatchEvent(new Event('uploading')))
    uploading = upload
    failure = null
    this.requestUpdate()
    try {
      const dataset = await upload.run()
      if (uploading === upload && location.hash.startsWith('#/new') && !dropped) {
        go(datasetHash(dataset.name))
      }
    } catch (e) {
      if (uploading === upload) {
        failure = e instanceof Problem ? e : unforeseen(e)
      }
    } finally {
      if (uploading === upload) {
        uploading = null
      }
      dispatchEvent(new Event('uploading')) // the form is there again, if somebody has come back to it
    }
  }

  private going(upload: Upload) {
    const ingest = upload.ingest
    return html`
      <section class="stack" aria-label="Upload">
        <label class="progress">
          <span>Sending to <strong>${upload.dataset}</strong>: ${bytes(Math.min(upload.sent, upload.file.size))} of ${bytes(upload.file.size)}, ${percent(Math.min(upload.sent, upload.file.size), upload.file.size)}</span>
          <progress max=${upload.file.size} .value=${Math.min(upload.sent, upload.file.size)}></progress>
        </label>
        ${ingest ? html`<ingest-view .ingestId=${ingest}></ingest-view>` : nothing}
        ${problemBox(this.problem)}
        <p><button type="button" class="quiet bad" @click=${() => void this.cancel(upload)}>Cancel the upload</button></p>
      </section>
    `
  }

  private async cancel(upload: Upload): Promise<void> {
    this.problem = await this.attempt(() => upload.cancel())
  }
}
customElements.define('new-data', NewData)
