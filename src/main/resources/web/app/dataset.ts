// A dataset: what it is, and its columns, rows, versions and rejects.

import { html, nothing } from 'lit'
import { datasetPath, Problem, read, type Dataset } from './api'
import './columns'
import { ago, bytes, character, count, counted, duration, sourceText, time } from './format'
import { datasetHash, PARTS, type Part } from './location'
import './rejects'
import './rows'
import './use'
import './versions'
import { busy, problemBox, View } from './view'

const LABELS: Record<Part, string> = {
  columns: 'Columns',
  rows: 'Rows',
  versions: 'Versions',
  rejects: 'Rejects',
  use: 'Use and export',
}

class DatasetPage extends View {
  static override properties = {
    name: { attribute: false },
    section: { attribute: false },
    query: { attribute: false },
    mayWrite: { attribute: false },
    subject: { state: true },
    current: { state: true },
    problem: { state: true },
  }
  declare name: string
  declare section: Part
  declare query: URLSearchParams
  declare mayWrite: boolean
  /** The version that is looked at. */
  declare subject: Dataset | null
  /** The number of the version that is current. */
  declare current: number
  declare problem: Problem | null

  constructor() {
    super()
    this.name = ''
    this.section = 'columns'
    this.query = new URLSearchParams()
    this.mayWrite = false
    this.subject = null
    this.current = 0
    this.problem = null
  }

  /** The version of the address; null for the current one. */
  private get pinned(): string | null {
    return this.query.get('version')
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('query') as URLSearchParams | undefined
    if (changed.has('name') || (changed.has('query') && (before?.get('version') ?? null) !== this.pinned)) {
      this.subject = null // else its parts would take it for the version that is asked for now
      void this.load()
    }
  }

  private async load(): Promise<void> {
    const { name, pinned } = this
    this.problem = await this.attempt(async () => {
      const [now, then] = await Promise.all([
        read<Dataset>(datasetPath(name), this.signal),
        pinned === null ? null : read<Dataset>(datasetPath(name, `/versions/${encodeURIComponent(pinned)}`), this.signal),
      ])
      if (name === this.name && pinned === this.pinned) {
        this.current = now.version
        this.subject = then ?? now
      }
    })
  }

  /** Shows the version that is current now; the address says so already. */
  private showCurrent(query: URLSearchParams): void {
    if (this.pinned === null) {
      this.subject = null
      void this.load()
    }
    this.query = query // by which it is loaded if that had a version
  }

  override render() {
    const { subject: dataset, problem } = this
    const isOld = this.pinned !== null || problem?.problem.code === 'VERSION_GONE'
    return html`
      <h1>${this.name}</h1>
      ${problemBox(problem, () => void this.load())}
      ${problem && isOld
        ? html`<p>
            <a href=${datasetHash(this.name, this.section)} @click=${() => this.showCurrent(new URLSearchParams())}>Open the current version</a>
          </p>`
        : nothing}
      ${dataset ? this.found(dataset) : problem ? nothing : busy()}
    `
  }

  private found(dataset: Dataset) {
    const { dialect } = dataset
    return html`
      ${dataset.title ? html`<p class="title"><bdi>${dataset.title}</bdi></p>` : nothing}
      ${dataset.description ? html`<p dir="auto">${dataset.description}</p>` : nothing}
      ${dataset.version === this.current
        ? nothing
        : html`<p class="note">
            Version ${dataset.version} is not the current one. <a href=${datasetHash(this.name, this.section)}>Open version ${this.current}</a>
          </p>`}
      <dl class="facts">
        <div><dt>Version</dt><dd>${dataset.version}</dd></div>
        <div><dt>Rows</dt><dd>${count(dataset.rows)}</dd></div>
        <div><dt>Columns</dt><dd>${count(dataset.columns.length)}</dd></div>
        <div><dt>Size</dt><dd>${bytes(dataset.bytes)}</dd></div>
        <div><dt>Made</dt><dd><time datetime=${dataset.createdAt} title=${time(dataset.createdAt)}>${ago(dataset.createdAt)}</time> in ${duration(dataset.durationMs / 1000)}</dd></div>
        <div><dt>From</dt><dd><bdi>${sourceText(dataset.source)}</bdi></dd></div>
        <div><dt>Format</dt><dd>${dataset.format.toUpperCase()}, ${dataset.encoding}, delimiter <code>${character(dialect.delimiter)}</code>, quote <code>${character(dialect.quote)}</code>${dialect.header ? nothing : ', no header'}</dd></div>
      </dl>
      <nav class="tabs" aria-label=${`Parts of ${this.name}`}>
        ${PARTS.map((part) => this.tab(part, dataset))}
      </nav>
      ${this.shown(dataset)}
    `
  }

  private tab(part: Part, dataset: Dataset) {
    const query = new URLSearchParams(this.pinned === null ? {} : { version: this.pinned })
    return html`<a href=${datasetHash(this.name, part, query)} aria-current=${this.section === part ? 'page' : nothing}>
      ${LABELS[part]}${part === 'rejects' && dataset.rejects > 0 ? html` <span class="chip warn">${counted(dataset.rejects, 'reject')}</span>` : nothing}
    </a>`
  }

  private shown(dataset: Dataset) {
    switch (this.section) {
      case 'columns':
        return html`<dataset-columns .subject=${dataset}></dataset-columns>`
      case 'rows':
        return html`<dataset-rows
          .subject=${dataset}
          .query=${this.query}
          @showcurrent=${(event: CustomEvent<URLSearchParams>) => this.showCurrent(event.detail)}
        ></dataset-rows>`
      case 'versions':
        return html`<dataset-versions
          .subject=${dataset}
          .query=${this.query}
          .mayWrite=${this.mayWrite}
          .current=${this.current}
          @restored=${() => void this.load()}
        ></dataset-versions>`
      case 'rejects':
        return html`<dataset-rejects .subject=${dataset}></dataset-rejects>`
      case 'use':
        return html`<dataset-use .subject=${dataset} .pinned=${this.pinned !== null}></dataset-use>`
    }
  }
}
customElements.define('dataset-view', DatasetPage)
