// What is seen, as a request, in a program, and as a file.

import { html } from 'lit'
import { curl, pathOf, supabaseJs, type Asked, type Target } from './query'
import { View } from './view'

/** Rows of the first request; a file has all. */
const LIMIT = 100

class RowsRequest extends View {
  static override properties = { target: { attribute: false }, asked: { attribute: false } }
  declare target: Target
  declare asked: Asked

  override render() {
    const { target, asked } = this
    const url = location.origin + pathOf(target, asked, { limit: String(LIMIT) })
    return html`<details>
      <summary>As a request</summary>
      <p>The first ${LIMIT} of these rows; the header <code>Link</code> of the answer leads to the next ones.</p>
      <copy-box .label=${'URL'} .text=${url}></copy-box>
      <copy-box .label=${'curl'} .text=${curl(url)}></copy-box>
      <copy-box .label=${'supabase-js'} .text=${supabaseJs(location.origin, target, asked, LIMIT)}></copy-box>
      <h2>All of these rows</h2>
      ${fileLinks(target, asked)}
      <copy-box .label=${'curl, as a file'} .text=${curl(location.origin + pathOf(target, asked), 'csv')}></copy-box>
    </details>`
  }
}

customElements.define('rows-request', RowsRequest)

/** Links to all rows as files, which the browser writes as they come. */
export function fileLinks(target: Target, asked: Asked) {
  return html`<p class="row">
    ${['csv', 'ndjson', 'json'].map(
      (format) => html`<a class="button quiet" href=${pathOf(target, asked, { _download: format })} download>${format.toUpperCase()}</a>`,
    )}
  </p>`
}
