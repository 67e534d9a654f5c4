// The records and cells that were kept out of a version, as they were in the source.

import { html, nothing } from 'lit'
import { datasetPath, Problem, read, type Dataset, type Page, type Reject } from './api'
import { count, counted } from './format'
import { busy, problemBox, View } from './view'

class DatasetRejects extends View {
  static override properties = {
    subject: { attribute: false },
    items: { state: true },
    next: { state: true },
    problem: { state: true },
  }
  declare subject: Dataset
  declare items: Reject[] | null
  declare next: string | null
  declare problem: Problem | null

  constructor() {
    super()
    this.items = null
    this.next = null
    this.problem = null
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('subject')) {
      this.items = null
      this.next = datasetPath(this.subject.name, `/versions/${this.subject.version}/rejects`)
      void this.more()
    }
  }

  private async more(): Promise<void> {
    const { subject, next } = this
    this.problem = await this.attempt(async () => {
      const found = await read<Page<Reject>>(next!, this.signal)
      if (subject === this.subject && next === this.next) {
        this.items = [...(this.items ?? []), ...found.items]
        this.next = found.next
      }
    })
  }

  override render() {
    return html`
      ${this.items ? this.table(this.items) : this.problem ? nothing : busy()} ${problemBox(this.problem, () => void this.more())}
      ${this.items && this.next ? html`<p><button type="button" class="quiet" @click=${this.more}>Show more</button></p>` : nothing}
    `
  }

  private table(items: Reject[]) {
    if (items.length === 0) {
      return html`<p>Nothing was kept out of version ${this.subject.version}: every row and cell of the source is in it.</p>`
    }
    return html`
      <p>${count(this.subject.rejects)} kept out of version ${this.subject.version}: whole rows, or cells that are NULL in their rows.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Rejects">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">Row</th>
              <th scope="col">Column</th>
              <th scope="col">Why</th>
              <th scope="col">As it was</th>
            </tr>
          </thead>
          <tbody>
            ${items.map(
              (r) => html`<tr>
                <td class="number">${count(r.row)}</td>
                <td>${r.column === null ? html`<span class="dim">the row</span>` : html`<bdi>${r.column}</bdi>`}</td>
                <td>${r.reason}${r.hides ? html` <span class="dim">(hides ${counted(r.hides, 'row')})</span>` : nothing}</td>
                <td class="wide"><code class="raw" dir="auto">${r.raw}</code></td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `
  }
}
customElements.define('dataset-rejects', DatasetRejects)
