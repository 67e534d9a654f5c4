// The versions of a dataset that are kept, how two of them differ, and going back to one.

import { html, nothing } from 'lit'
import { change, datasetPath, Problem, read, type Column, type Dataset, type Page, type VersionItem } from './api'
import { ago, bytes, count, excerpt, sourceText, time } from './format'
import { adjust, datasetHash } from './location'
import { busy, problemBox, View } from './view'

/** Fires `restored` when another version is current; the list is read again when the page knows which. */
class DatasetVersions extends View {
  static override properties = {
    subject: { attribute: false },
    query: { attribute: false },
    mayWrite: { attribute: false },
    current: { attribute: false },
    items: { state: true },
    next: { state: true },
    pair: { state: true },
    problem: { state: true },
    restoring: { state: true },
  }
  declare subject: Dataset
  declare query: URLSearchParams
  declare mayWrite: boolean
  /** The number of the version that is current, which is not always the one that is looked at. */
  declare current: number
  declare items: VersionItem[] | null
  declare next: string | null
  declare pair: [Dataset, Dataset] | null
  declare problem: Problem | null
  declare restoring: number | null

  constructor() {
    super()
    this.query = new URLSearchParams()
    this.mayWrite = false
    this.current = 0
    this.items = null
    this.next = null
    this.pair = null
    this.problem = null
    this.restoring = null
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('subject') as Dataset | undefined
    const isAnother = changed.has('subject') && (before?.name !== this.subject.name || before.version !== this.subject.version)
    if (isAnother || changed.has('current')) {
      void this.load()
    } else if (changed.has('query') && this.items) {
      void this.compare()
    }
  }

  private async load(): Promise<void> {
    this.problem = await this.attempt(async () => {
      const found = await read<Page<VersionItem>>(datasetPath(this.subject.name, '/versions'), this.signal)
      this.items = found.items
      this.next = found.next
    })
    if (!this.problem) {
      await this.compare()
    }
  }

  private async more(): Promise<void> {
    const { next } = this
    this.problem = await this.attempt(async () => {
      const found = await read<Page<VersionItem>>(next!, this.signal)
      if (next === this.next) {
        this.items = [...this.items!, ...found.items]
        this.next = found.next
      }
    })
  }

  /** The versions compared: those of the address, else the last two. */
  private get compared(): [number, number] | null {
    const [newest, second] = this.items ?? []
    const from = Number(this.query.get('from')) || second?.version
    const to = Number(this.query.get('to')) || newest?.version
    return from && to ? [from, to] : null
  }

  private async compare(): Promise<void> {
    const { compared } = this
    if (!compared) {
      this.pair = null
      return
    }
    let pair: [Dataset, Dataset] | null = null
    const problem = await this.attempt(async () => {
      const version = (n: number) => read<Dataset>(datasetPath(this.subject.name, `/versions/${n}`), this.signal)
      pair = await Promise.all([version(compared[0]), version(compared[1])])
    })
    if (String(compared) === String(this.compared)) {
      this.pair = pair
      this.problem = problem
    }
  }

  override render() {
    const { compared } = this
    return html`
      ${problemBox(this.problem, () => void this.load())} ${this.items ? this.table(this.items) : busy()}
      ${this.items && compared ? this.comparison(compared) : nothing} ${this.confirmation()}
    `
  }

  private table(items: VersionItem[]) {
    const current = items[0]?.version
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Versions">
        <table>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Made</th>
              <th scope="col" class="number">Rows</th>
              <th scope="col" class="number">Size</th>
              <th scope="col" class="number">Rejects</th>
              <th scope="col">From</th>
              <th scope="col"><span class="unseen">Actions</span></th>
            </tr>
          </thead>
          <tbody>
            ${items.map((v) => {
              const query = new URLSearchParams({ version: String(v.version) })
              return html`<tr>
                <th scope="row">
                  <a href=${datasetHash(this.subject.name, 'rows', query)}>${v.version}</a>
                  ${v.version === current ? html`<span class="chip good">current</span>` : nothing}
                </th>
                <td><time datetime=${v.createdAt} title=${time(v.createdAt)}>${ago(v.createdAt)}</time></td>
                <td class="number">${count(v.rows)}</td>
                <td class="number">${bytes(v.bytes)}</td>
                <td class="number">
                  ${v.rejects > 0 ? html`<a href=${datasetHash(this.subject.name, 'rejects', query)}>${count(v.rejects)}</a>` : '0'}
                </td>
                <td class="wide"><bdi>${excerpt(sourceText(v.source), 80)}</bdi></td>
                <td>
                  ${this.mayWrite && v.version !== current
                    ? html`<button type="button" class="quiet" @click=${() => this.ask(v.version)}>Restore<span class="unseen"> version ${v.version}</span></button>`
                    : nothing}
                </td>
              </tr>`
            })}
          </tbody>
        </table>
      </div>
      ${this.next ? html`<p><button type="button" class="quiet" @click=${this.more}>Show more</button></p>` : nothing}
    `
  }

  private comparison([from, to]: [number, number]) {
    return html`
      <section aria-labelledby="difference">
        <h2 id="difference">What changed</h2>
        <p class="row">${this.choice('from', 'From version', from)} ${this.choice('to', 'to version', to)}</p>
        ${this.pair ? this.difference(this.pair) : nothing}
      </section>
    `
  }

  private difference([from, to]: [Dataset, Dataset]) {
    const changes = differences(from.columns, to.columns)
    return html`
      <dl class="figures">
        ${figure('Rows', from.rows, to.rows, count)} ${figure('Size', from.bytes, to.bytes, bytes)}
        ${figure('Rejects', from.rejects, to.rejects, count)} ${figure('Columns', from.columns.length, to.columns.length, count)}
      </dl>
      ${from.sha256 === to.sha256 ? html`<p>Both were made of the same bytes.</p>` : nothing}
      ${changes.length === 0
        ? html`<p>The columns are the same, their types and their numbers of NULL as well.</p>`
        : html`
            <div class="scroll" tabindex="0" role="region" aria-label="Columns that changed">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Column</th>
                    <th scope="col">Change</th>
                    <th scope="col">Version ${from.version}</th>
                    <th scope="col">Version ${to.version}</th>
                  </tr>
                </thead>
                <tbody>
                  ${changes.map(
                    (c) => html`<tr>
                      <th scope="row"><bdi>${c.name}</bdi></th>
                      <td><span class=${`chip ${c.kind === 'added' ? 'good' : c.kind === 'removed' ? 'bad' : 'warn'}`}>${c.kind}</span></td>
                      <td>${c.from}</td>
                      <td>${c.to}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          `}
    `
  }

  private choice(side: 'from' | 'to', label: string, chosen: number) {
    const versions = this.items?.map((v) => v.version) ?? []
    return html`
      <label class="field">
        <span>${label}</span>
        <select @change=${(e: Event) => this.choose(side, (e.target as HTMLSelectElement).value)}>
          ${versions.map((v) => html`<option value=${v} .selected=${v === chosen}>${v}</option>`)}
        </select>
      </label>
    `
  }

  private choose(side: 'from' | 'to', version: string): void {
    const query = new URLSearchParams(this.query)
    query.set(side, version)
    this.query = query
    adjust(datasetHash(this.subject.name, 'versions', query))
  }

  private ask(version: number): void {
    this.restoring = version
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal())
  }

  private confirmation() {
    return html`
      <dialog aria-labelledby="restore" @close=${() => (this.restoring = null)}>
        <h2 id="restore">Restore version ${this.restoring}?</h2>
        <p>Its rows become a new version, the current one. No version is lost by that.</p>
        <p class="row">
          <button type="button" @click=${this.restore}>Restore</button>
          <button type="button" class="quiet" @click=${() => this.querySelector('dialog')?.close()}>Leave it</button>
        </p>
      </dialog>
    `
  }

  private async restore(): Promise<void> {
    const version = this.restoring
    this.querySelector('dialog')?.close()
    this.problem = await this.attempt(async () => {
      await change<Dataset>(datasetPath(this.subject.name, `/versions/${version}/restore`), { method: 'POST' })
      this.dispatchEvent(new Event('restored'))
    })
  }
}
customElements.define('dataset-versions', DatasetVersions)

function figure(name: string, from: number, to: number, text: (n: number) => string) {
  const sign = to > from ? '+' : '−'
  return html`<div>
    <dt>${name}</dt>
    <dd>${text(to)}${from === to ? nothing : html` <span class="dim">${sign}${text(Math.abs(to - from))}</span>`}</dd>
  </div>`
}

export interface Difference {
  name: string
  kind: 'added' | 'removed' | 'type' | 'NULLs'
  from: string
  to: string
}

/** How the columns of a version differ from those of another, in their order there. */
export function differences(from: Column[], to: Column[]): Difference[] {
  const before = new Map(from.map((column) => [column.name, column]))
  const after = new Set(to.map((column) => column.name))
  const changed = to.flatMap((now): Difference[] => {
    const then = before.get(now.name)
    if (!then) {
      return [{ name: now.name, kind: 'added', from: '', to: now.type }]
    }
    const found: Difference[] = []
    if (then.type !== now.type) {
      found.push({ name: now.name, kind: 'type', from: then.type, to: now.type })
    }
    if (then.nulls !== now.nulls) {
      found.push({ name: now.name, kind: 'NULLs', from: count(then.nulls), to: count(now.nulls) })
    }
    return found
  })
  const removed = from.filter((column) => !after.has(column.name))
  return [...changed, ...removed.map((c): Difference => ({ name: c.name, kind: 'removed', from: c.type, to: '' }))]
}
