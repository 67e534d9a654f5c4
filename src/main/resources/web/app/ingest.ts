// One ingest as it goes on, from any process that serves its events.

import { html, nothing } from 'lit'
import { changeOnce, datasetPath, idempotencyKey, Problem, read, type Ingest, type Progress } from './api'
import { bytes, count, duration, sourceText, time } from './format'
import { datasetHash, go, ingestHash } from './location'
import { busy, problemBox, View } from './view'

const COME_BACK_MS = 1000

/** Events tell how far it is; who works on it, and that it waits again, is read. Which is a use of the session, too. */
const READ_MS = 5000

const STAGES: Record<Progress['stage'], string> = {
  receiving: 'Receiving the file',
  loading: 'Loading rows',
  publishing: 'Completing the table',
}

const STATES: Record<Ingest['state'], string> = {
  queued: 'Waits for a worker',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  unchanged: 'Unchanged: the content is that of the current version',
}

/** Fires `ended` when the ingest has, with the ingest as its detail. */
class IngestView extends View {
  static override properties = {
    ingestId: { attribute: false },
    mayWrite: { attribute: false },
    ingest: { state: true },
    progress: { state: true },
    connected: { state: true },
    problem: { state: true },
  }
  declare ingestId: string
  declare mayWrite: boolean
  declare ingest: Ingest | null
  declare progress: Progress | null
  declare connected: boolean
  declare problem: Problem | null
  private events: EventSource | null = null
  private timer = 0

  constructor() {
    super()
    this.ingestId = ''
    this.mayWrite = false
    this.ingest = null
    this.progress = null
    this.connected = false
    this.problem = null
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('ingestId')) {
      this.events?.close()
      this.events = null
      this.ingest = null
      this.progress = null
      void this.follow()
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.events?.close()
    clearTimeout(this.timer)
  }

  private get path(): string {
    return `/v1/ingests/${encodeURIComponent(this.ingestId)}`
  }

  /** Reads it, and again while it goes on. */
  private async follow(): Promise<void> {
    const id = this.ingestId
    clearTimeout(this.timer)
    const problem = await this.attempt(async () => {
      const ingest = await read<Ingest>(this.path, this.signal)
      if (id === this.ingestId) {
        this.take(ingest)
      }
    })
    if (id !== this.ingestId || this.signal.aborted) {
      return // somebody looks at something else by now
    }
    this.problem = problem
    if (problem ? problem.isPassing : this.ingest?.finishedAt === null) {
      clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.follow(), READ_MS)
    }
  }

  private take(ingest: Ingest): void {
    this.ingest = ingest
    if (ingest.finishedAt !== null) {
      this.events?.close()
      this.events = null
      this.dispatchEvent(new CustomEvent<Ingest>('ended', { detail: ingest }))
    } else {
      if (ingest.state === 'queued') {
        this.progress = null // of a try that has ended
      }
      const isBehind = this.progress !== null && this.progress.bytes < ingest.progress.bytes
      if (!this.events || this.events.readyState === EventSource.CLOSED || isBehind) {
        this.listen() // who holds the stream may be frozen, and another process not
      }
    }
  }

  private listen(): void {
    this.events?.close()
    const events = new EventSource(`${this.path}/events`)
    this.events = events
    events.onopen = () => (this.connected = true)
    events.addEventListener('progress', (event) => {
      this.progress = JSON.parse((event as MessageEvent<string>).data) as Progress
      if (this.ingest?.state === 'queued') {
        void this.follow() // it has begun
      }
    })
    events.addEventListener('done', () => {
      events.close()
      void this.follow()
    })
    events.onerror = () => {
      this.connected = false
      // A broken connection the browser makes again by itself, at whatever process; a refusal it takes for the last word.
      if (events.readyState === EventSource.CLOSED && events === this.events && !this.signal.aborted) {
        clearTimeout(this.timer)
        this.timer = window.setTimeout(() => void this.follow(), COME_BACK_MS)
      }
    }
  }

  override render() {
    const { ingest } = this
    if (!ingest) {
      return this.problem ? problemBox(this.problem, () => void this.follow()) : busy()
    }
    return html`
      <section class="ingest" aria-label=${`Ingest of ${ingest.dataset}`}>
        <p class="state">
          <span class=${`chip ${chip(ingest)}`} role="status">${STATES[ingest.state]}</span>
          <a href=${datasetHash(ingest.dataset)}>${ingest.dataset}</a> <span class="dim">from <bdi>${sourceText(ingest.source)}</bdi></span>
        </p>
        ${ingest.finishedAt === null ? this.running(ingest) : this.ended(ingest)}
        ${problemBox(this.problem, () => void this.follow())}
        <dl class="facts">
          <div><dt>Asked for</dt><dd>${time(ingest.createdAt)}</dd></div>
          ${ingest.startedAt ? html`<div><dt>Started</dt><dd>${time(ingest.startedAt)}</dd></div>` : nothing}
          ${ingest.finishedAt ? html`<div><dt>Ended</dt><dd>${time(ingest.finishedAt)}</dd></div>` : nothing}
          ${ingest.worker ? html`<div><dt>Process</dt><dd><bdi>${ingest.worker}</bdi></dd></div>` : nothing}
          ${ingest.attempt > 1 ? html`<div><dt>Attempt</dt><dd>${ingest.attempt}</dd></div>` : nothing}
        </dl>
      </section>
    `
  }

  private running(ingest: Ingest) {
    const now = this.progress ?? { ...ingest.progress, bytesPerSecond: 0, secondsLeft: null, stage: 'receiving' as const }
    const stage = ingest.state === 'queued' ? 'In the queue' : STAGES[now.stage]
    return html`
      ${ingest.problem ? problemBox(ingest.problem) : nothing}
      <label class="progress">
        <span>${stage}</span>
        ${now.totalBytes
          ? html`<progress max=${now.totalBytes} .value=${Math.min(now.bytes, now.totalBytes)}></progress>`
          : html`<progress></progress>`}
      </label>
      <dl class="figures">
        <div><dt>Read</dt><dd>${bytes(now.bytes)}${now.totalBytes ? html` <span class="dim">of ${bytes(now.totalBytes)}</span>` : nothing}</dd></div>
        <div><dt>Rows</dt><dd>${count(now.rows)}</dd></div>
        <div><dt>Rate</dt><dd>${bytes(now.bytesPerSecond)}/s</dd></div>
        <div><dt>Time left</dt><dd>${now.secondsLeft === null ? '–' : duration(now.secondsLeft)}</dd></div>
      </dl>
      ${this.connected ? nothing : busy('Connecting')}
      ${this.mayWrite ? html`<p><button type="button" class="quiet bad" @click=${this.cancel}>Cancel</button></p>` : nothing}
    `
  }

  private ended(ingest: Ingest) {
    switch (ingest.state) {
      case 'succeeded':
        return html`<p>
          ${count(ingest.progress.rows)} rows, ${bytes(ingest.progress.bytes)}.
          <a class="button" href=${datasetHash(ingest.dataset)}>Open version ${ingest.version}</a>
        </p>`
      case 'unchanged':
        return html`<p><a class="button" href=${datasetHash(ingest.dataset)}>Open the dataset</a></p>`
      default:
        return html`
          ${ingest.problem ? problemBox(ingest.problem) : nothing}
          ${this.mayWrite ? html`<retry-ingest .ingest=${ingest}></retry-ingest>` : nothing}
        `
    }
  }

  private async cancel(): Promise<void> {
    this.problem = await this.attempt(async () => {
      await changeOnce(this.path, { method: 'DELETE' }) // what was cancelled stays so
      await this.follow()
    })
  }
}
customElements.define('ingest-view', IngestView)

function chip(ingest: Ingest): string {
  switch (ingest.state) {
    case 'succeeded':
    case 'unchanged':
      return 'good'
    case 'failed':
      return 'bad'
    case 'cancelled':
      return 'warn'
    default:
      return ''
  }
}

/** Asks for an ingest again: at once if all of it is known, else by a form that has what is known of it. */
class RetryIngest extends View {
  static override properties = { ingest: { attribute: false }, problem: { state: true }, pending: { state: true } }
  declare ingest: Ingest
  declare problem: Problem | null
  declare pending: boolean
  private key = ''

  constructor() {
    super()
    this.problem = null
    this.pending = false
  }

  /** What is known of its address is not all of it: something secret is left out. */
  private get isRedacted(): boolean {
    return /=\*\*\*|\/\/\*\*\*@/.test(this.ingest.source.url ?? '')
  }

  override render() {
    const { dataset, source, options } = this.ingest
    const form = new URLSearchParams({ ...options, name: dataset, ...(source.url ? { url: source.url } : {}) })
    return html`
      ${source.kind === 'url' && !this.isRedacted
        ? html`<button type="button" ?disabled=${this.pending} @click=${this.again}>
            Try again<span class="unseen"> to load ${dataset}</span>
          </button>`
        : nothing}
      <a class="button quiet" href=${`#/new?${form}`}>Change and try<span class="unseen"> ${dataset} again</span></a>
      ${problemBox(this.problem)}
    `
  }

  private async again(): Promise<void> {
    const { dataset, source, options } = this.ingest
    this.key ||= idempotencyKey()
    this.pending = true
    this.problem = await this.attempt(async () => {
      const ingest = await changeOnce<Ingest>(datasetPath(dataset, '/ingests'), {
        method: 'POST',
        body: { url: source.url, options },
        headers: { 'Idempotency-Key': this.key },
      })
      go(ingestHash(ingest.id))
    })
    this.pending = false
  }
}
customElements.define('retry-ingest', RetryIngest)
