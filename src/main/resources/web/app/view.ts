// What the views of the console have in common.

import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { ADVICE } from './advice'
import { Problem, type IngestProblem } from './api'
import { count } from './format'

/** A part of the page, in the document itself: there is one style sheet. */
export abstract class View extends LitElement {
  private readonly gone = new AbortController()

  /** Aborted when the view is taken from the page. */
  protected get signal(): AbortSignal {
    return this.gone.signal
  }

  protected override createRenderRoot(): this {
    return this
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.gone.abort(new DOMException('The view has gone.', 'AbortError'))
  }

  /** Does something, and gives what goes wrong to be shown; null once it has been done. */
  protected async attempt(work: () => Promise<void>): Promise<Problem | null> {
    try {
      await work()
      return null
    } catch (e) {
      if (this.gone.signal.aborted) {
        return null
      }
      return e instanceof Problem ? e : unforeseen(e)
    }
  }
}

export function unforeseen(e: unknown): Problem {
  console.error(e)
  return new Problem(0, { code: 'CONSOLE', title: 'The console made a mistake', detail: String(e) })
}

/** What is wrong, where, and what to do. */
export function problemBox(problem: Problem | IngestProblem | null, retry?: () => void): TemplateResult | typeof nothing {
  if (problem === null) {
    return nothing
  }
  const said = problem instanceof Problem ? problem.problem : problem
  const advice = ADVICE[said.code]
  return html`
    <div class="problem" role="alert">
      <p class="what"><strong>${said.title ?? said.code}</strong> <code>${said.code}</code></p>
      <p dir="auto">${said.detail}</p>
      ${place(said)} ${advice ? html`<p class="advice">${advice}</p>` : nothing}
      ${retry ? html`<button type="button" @click=${retry}>Try again</button>` : nothing}
    </div>
  `
}

function place({ row, column, byte, raw }: IngestProblem): TemplateResult | typeof nothing {
  const parts: [string, unknown][] = []
  if (row != null) {
    parts.push(['Row', count(row)])
  }
  if (column != null) {
    parts.push(['Column', html`<bdi>${column}</bdi>`])
  }
  if (byte != null) {
    parts.push(['Byte', count(byte)])
  }
  if (raw != null) {
    parts.push(['Text', html`<code class="raw" dir="auto">${raw}</code>`])
  }
  return parts.length === 0
    ? nothing
    : html`<dl class="facts">
        ${parts.map(([name, of]) => html`<div><dt>${name}</dt><dd>${of}</dd></div>`)}
      </dl>`
}

/** A line that a screen reader says when it changes. */
export const busy = (what = 'Loading') => html`<p class="busy" role="status">${what}…</p>`

/** Copies a text, and says whether it could. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // no permission, or a page that is not served safely
  }
}

/** A text to be copied: shown, selectable, with a button. */
class CopyBox extends View {
  static override properties = { text: {}, label: {}, said: { state: true } }
  declare text: string
  declare label: string
  declare said: string

  constructor() {
    super()
    this.text = ''
    this.label = ''
    this.said = ''
  }

  override render() {
    return html`
      <div class="copy">
        <div class="copy-head">
          <span>${this.label}</span>
          <button type="button" class="quiet" @click=${this.copy} aria-label=${`Copy ${this.label}`}>Copy</button>
          <span role="status">${this.said}</span>
        </div>
        <pre tabindex="0" role="group" aria-label=${this.label}><code>${this.text}</code></pre>
      </div>
    `
  }

  private async copy(): Promise<void> {
    if (await copyText(this.text)) {
      this.said = 'Copied'
      return
    }
    getSelection()?.selectAllChildren(this.querySelector('pre')!)
    this.said = 'Selected: press Ctrl+C'
  }
}
customElements.define('copy-box', CopyBox)
