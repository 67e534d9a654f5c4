// The queue, what runs and where, and what has ended lately.

import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { read, type Ingest, type IngestState, type Page, type Problem, type Queue } from './api'
import { ago, bytes, count, duration, excerpt, sourceText, time } from './format'
import { datasetHash, ingestHash } from './location'
import { busy, problemBox, View } from './view'

const EVERY_MS = 2000

interface Seen {
  queue: Queue
  running: Ingest[]
  waiting: Ingest[]
  failed: Ingest[]
  ended: Ingest[]
}

class IngestList extends View {
  static override properties = { mayWrite: { attribute: false }, seen: { state: true }, problem: { state: true } }
  declare mayWrite: boolean
  declare seen: Seen | null
  declare problem: Problem | null

  constructor() {
    super()
    this.mayWrite = false
    this.seen = null
    this.problem = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.watch()
  }

  /** Looks again and again, while anybody sees it. */
  private async watch(): Promise<void> {
    while (!this.signal.aborted) {
      if (!document.hidden) {
        await this.look()
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  }

  private async look(): Promise<void> {
    this.problem = await this.attempt(async () => {
      const of = (state: IngestState) => read<Page<Ingest>>(`/v1/ingests?state=${state}`, this.signal)
      const [queue, running, waiting, failed, newest] = await Promise.all([
        read<Queue>('/v1/queue', this.signal),
        of('running'),
        of('queued'),
        of('failed'),
        read<Page<Ingest>>('/v1/ingests', this.signal),
      ])
      this.seen = {
        queue,
        running: running.items,
        waiting: waiting.items,
        failed: failed.items.slice(0, 20),
        ended: newest.items.filter((i) => i.finishedAt !== null && i.state !== 'failed').slice(0, 20),
      }
    })
  }

  override render() {
    return html`<h1>Ingests</h1>
      ${problemBox(this.problem, () => void this.look())} ${this.seen ? this.all(this.seen) : busy()}`
  }

  private all({ queue, running, waiting, failed, ended }: Seen) {
    return html`
      <dl class="figures">
        <div><dt>Waiting</dt><dd>${count(queue.waiting)}</dd></div>
        <div><dt>Oldest is due for</dt><dd>${queue.oldestDueSeconds > 0 ? duration(queue.oldestDueSeconds) : '–'}</dd></div>
        <div><dt>Fetched now</dt><dd>${count(queue.running)}</dd></div>
      </dl>
      ${this.table('Running', 'Nothing runs.', running, ['Worker', 'Read'], (i) => [
        i.worker === null ? html`<span class="dim">–</span>` : html`<bdi>${i.worker}</bdi>`,
        html`${read_(i)}, ${count(i.progress.rows)} rows`,
      ])}
      ${this.table('Waiting', 'Nothing waits.', waiting, ['Since', 'Why'], (i) => [
        ago(i.createdAt),
        i.problem ? html`<span dir="auto">${excerpt(i.problem.detail)}</span>` : 'for a worker',
      ])}
      ${this.table('Failed lately', 'Nothing failed.', failed, ['When', 'What', 'Again'], (i) => [
        when(i.finishedAt),
        html`<code>${i.problem?.code}</code> <span dir="auto">${excerpt(i.problem?.detail ?? '')}</span>`,
        this.again(i),
      ])}
      ${this.table('Done lately', 'Nothing yet.', ended, ['When', 'Became'], (i) => [
        when(i.finishedAt),
        i.state === 'succeeded' ? html`<a href=${datasetHash(i.dataset)}>version ${i.version}</a>, ${count(i.progress.rows)} rows` : i.state,
      ])}
    `
  }

  private table(title: string, none: string, ingests: Ingest[], heads: string[], cells: (i: Ingest) => unknown[]) {
    return html`
      <section>
        <h2>${title}</h2>
        ${ingests.length === 0
          ? html`<p class="dim">${none}</p>`
          : html`
              <div class="scroll" tabindex="0" role="region" aria-label=${title}>
                <table>
                  <thead>
                    <tr>${['Dataset', 'From', ...heads].map((head) => html`<th scope="col">${head}</th>`)}</tr>
                  </thead>
                  <tbody>
                    ${repeat(
                      ingests,
                      (i) => i.id,
                      (i) => html`<tr>
                        <th scope="row"><a href=${ingestHash(i.id)}>${i.dataset}</a></th>
                        <td class="wide"><bdi>${excerpt(sourceText(i.source), 80)}</bdi></td>
                        ${cells(i).map((cell) => html`<td>${cell}</td>`)}
                      </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
            `}
      </section>
    `
  }

  private again(i: Ingest) {
    if (!this.mayWrite) {
      return nothing
    }
    return html`<retry-ingest .ingest=${i}></retry-ingest>`
  }
}
customElements.define('ingest-list', IngestList)

const read_ = (i: Ingest) =>
  i.progress.totalBytes === null ? bytes(i.progress.bytes) : `${bytes(i.progress.bytes)} of ${bytes(i.progress.totalBytes)}`

const when = (iso: string | null) => (iso === null ? nothing : html`<time datetime=${iso} title=${time(iso)}>${ago(iso)}</time>`)
