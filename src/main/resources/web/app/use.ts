// How programs read the dataset, and files of it.

import { html } from 'lit'
import type { Dataset } from './api'
import { curl, parseAsked, pathOf, supabaseJs } from './query'
import { fileLinks } from './request'
import { View } from './view'

/** No filter, and the order of the source. */
const ALL = parseAsked(new URLSearchParams())

class DatasetUse extends View {
  static override properties = { subject: { attribute: false }, pinned: { attribute: false } }
  declare subject: Dataset
  /** Whether this version is meant, whatever is published later. */
  declare pinned: boolean

  constructor() {
    super()
    this.pinned = false
  }

  override render() {
    const { name, version } = this.subject
    const target = { dataset: name, version: this.pinned ? version : null }
    const url = location.origin + pathOf(target, ALL)
    return html`
      <section aria-labelledby="exports">
        <h2 id="exports">Exports</h2>
        <p>All rows of version ${version}, streamed as they are read.</p>
        ${fileLinks({ dataset: name, version }, ALL)}
        <copy-box label="curl, as a file" .text=${curl(url, 'csv')}></copy-box>
        <copy-box label="curl, each cell as the source wrote it" .text=${curl(url, 'csv', 'rendering=source')}></copy-box>
      </section>
      <section aria-labelledby="programs">
        <h2 id="programs">From programs</h2>
        <p>Clients of PostgREST read it as it is: filters, order, pages and aggregates.</p>
        <copy-box label="URL" .text=${url}></copy-box>
        <copy-box label="curl" .text=${curl(`${url}?limit=10`)}></copy-box>
        <copy-box label="supabase-js" .text=${supabaseJs(location.origin, target, ALL, 10)}></copy-box>
      </section>
    `
  }
}
customElements.define('dataset-use', DatasetUse)
