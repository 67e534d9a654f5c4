// What datasets there are.

import { html, nothing } from 'lit'
import { read, type DatasetItem, type Ingest, type Page, type Problem } from './api'
import { ago, bytes, count, counted, time } from './format'
import { adjust, datasetHash, go, ingestHash } from './location'
import { busy, problemBox, View } from './view'

const TYPING_MS = 200

class DatasetList extends View {
  static override properties = {
    query: { attribute: false },
    mayWrite: { attribute: false },
    items: { state: true },
    next: { state: true },
    latest: { state: true },
    problem: { state: true },
  }
  declare query: URLSearchParams
  declare mayWrite: boolean
  declare items: DatasetItem[] | null
  declare next: string | null
  /** The last thing that was done to each dataset, as far as it was lately. */
  declare latest: Map<string, Ingest>
  declare problem: Problem | null
  private typing = 0
  private asked = 0

  constructor() {
    super()
    this.query = new URLSearchParams()
    this.mayWrite = false
    this.items = null
    this.next = null
    this.latest = new Map()
    this.problem = null
  }

  /** As it is typed: a blank at its end may be followed by a word. */
  private get search(): string {
    return this.query.get('q') ?? ''
  }

  private get sought(): string {
    return this.search.trim()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.typing)
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('query') as URLSearchParams | undefined
    if (changed.has('query') && before?.toString() !== this.query.toString()) {
      void this.load()
    }
  }

  private async load(): Promise<void> {
    const turn = ++this.asked
    this.problem = await this.attempt(async () => {
      const asked = this.sought ? `?${new URLSearchParams({ q: this.sought })}` : ''
      const [found, ingests] = await Promise.all([
        read<Page<DatasetItem>>(`/v1/datasets${asked}`, this.signal),
        read<Page<Ingest>>('/v1/ingests', this.signal),
      ])
      if (turn === this.asked) {
        this.items = found.items
        this.next = found.next
        // the newest come first
        this.latest = new Map(ingests.items.toReversed().map((ingest) => [ingest.dataset, ingest]))
      }
    })
  }

  private async more(): Promise<void> {
    const { asked: turn, next } = this
    this.problem = await this.attempt(async () => {
      const found = await read<Page<DatasetItem>>(next!, this.signal)
      if (turn === this.asked && next === this.next) {
        this.items = [...this.items!, ...found.items]
        this.next = found.next
      }
    })
  }

  override render() {
    return html`
      <div class="head">
        <h1>Datasets</h1>
        ${this.mayWrite ? html`<a class="button" href="#/new">Add data</a>` : nothing}
      </div>
      <form class="search" role="search" @submit=${(e: Event) => e.preventDefault()}>
        <label class="field">
          <span>Search names and titles</span>
          <input type="search" maxlength="100" .value=${this.search} @input=${this.typed} />
        </label>
      </form>
      ${problemBox(this.problem, () => void this.load())} ${this.items ? this.found(this.items) : busy()}
    `
  }

  private typed(event: InputEvent): void {
    const q = (event.target as HTMLInputElement).value
    clearTimeout(this.typing)
    this.typing = window.setTimeout(() => {
      this.query = new URLSearchParams(q ? { q } : {})
      adjust(q ? `#/datasets?${this.query}` : '#/datasets')
    }, TYPING_MS)
  }

  private found(items: DatasetItem[]) {
    if (items.length === 0) {
      return this.sought ? html`<p role="status">No name or title has “<bdi>${this.sought}</bdi>”.</p>` : this.nothingYet()
    }
    return html`
      <p class="unseen" role="status">${counted(items.length, 'dataset')}${this.next ? ' and more' : ''}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Datasets">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">Rows</th>
              <th scope="col" class="number">Size</th>
              <th scope="col">Changed</th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            ${items.map((item) => this.row(item))}
          </tbody>
        </table>
      </div>
      ${this.next ? html`<p><button type="button" class="quiet" @click=${this.more}>Show more</button></p>` : nothing}
    `
  }

  private row(d: DatasetItem) {
    return html`
      <tr>
        <th scope="row">
          <a href=${datasetHash(d.name)}>${d.name}</a>${d.title ? html`<div class="dim title"><bdi>${d.title}</bdi></div>` : nothing}
        </th>
        <td class="number">${count(d.rows)}</td>
        <td class="number">${bytes(d.bytes)}</td>
        <td><time datetime=${d.changedAt} title=${time(d.changedAt)}>${ago(d.changedAt)}</time></td>
        <td>${this.status(d)}</td>
      </tr>
    `
  }

  private status(d: DatasetItem) {
    const ingest = this.latest.get(d.name)
    const rejects = d.rejects > 0 ? html` <a class="chip warn" href=${datasetHash(d.name, 'rejects')}>${counted(d.rejects, 'reject')}</a>` : nothing
    switch (ingest?.state) {
      case 'queued':
      case 'running':
        return html`<a class="chip" href=${ingestHash(ingest.id)}>${ingest.state === 'queued' ? 'waits' : 'loading'}</a>${rejects}`
      case 'failed':
        return html`<a class="chip bad" href=${ingestHash(ingest.id)}>last load failed</a>${rejects}`
      default:
        return html`<span class="chip good">version ${d.version}</span>${rejects}`
    }
  }

  private nothingYet() {
    return html`
      <section class="empty">
        <h2>Nothing here yet</h2>
        ${this.mayWrite
          ? html`
              <p>Drop a CSV or TSV file on the next page, or paste its URL: it becomes a typed table with a REST API.</p>
              <p><a class="button" href="#/new">Add data</a> <button type="button" class="quiet" @click=${() => go('#/new?sample')}>Try a sample file</button></p>
            `
          : html`<p>A key that may write adds data: <code>curl -T file.csv …/v1/datasets/name</code></p>`}
      </section>
    `
  }
}
customElements.define('dataset-list', DatasetList)
