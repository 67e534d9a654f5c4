// A value as a whole, which has no room in a cell.

import { html, nothing } from 'lit'
import type { Value } from './api'
import { counted, value as valueText } from './format'
import { copyText, View } from './view'

export class ValueDialog extends View {
  static override properties = {
    value: { state: true },
    name: { state: true },
    about: { state: true },
    said: { state: true },
  }
  declare value: Value | undefined
  declare name: string
  declare about: string
  declare said: string

  constructor() {
    super()
    this.name = ''
    this.about = ''
    this.said = ''
  }

  /** Shows it until it is closed; the focus is then where it was. */
  show(value: Value | undefined, name: string, about: string): void {
    this.value = value
    this.name = name
    this.about = about
    this.said = ''
    void this.updateComplete.then(() => this.querySelector('dialog')!.showModal())
  }

  override render() {
    if (this.value === undefined) {
      return nothing
    }
    const text = valueText(this.value)
    const what = this.value === null ? 'NULL' : text === '' ? 'the empty text' : counted(text.length, 'character')
    const copy = async () => (this.said = (await copyText(text)) ? 'Copied' : 'Not allowed: select it instead')
    return html`<dialog aria-labelledby="value-name" @close=${() => (this.value = undefined)}>
      <h2 id="value-name"><bdi>${this.name}</bdi></h2>
      <p>${this.about} · ${what}</p>
      ${text === '' ? nothing : html`<pre tabindex="0" dir="auto" role="group" aria-label="Value">${text}</pre>`}
      <p class="actions">
        <button type="button" @click=${() => this.querySelector('dialog')!.close()}>Close</button>
        ${text === '' ? nothing : html`<button type="button" class="quiet" @click=${() => void copy()}>Copy</button>`}
        <span role="status">${this.said}</span>
      </p>
    </dialog>`
  }
}

customElements.define('value-dialog', ValueDialog)
