// What is in each column of a version, and why it has its type.

import { html, nothing } from 'lit'
import { Problem, readProfile, type Column, type ColumnProfile, type Dataset } from './api'
import { histogram, topValues } from './charts'
import { count, counted, decimal, duration, excerpt, percent, value } from './format'
import { busy, problemBox, View } from './view'

/** From so many columns on there is a field to find one. */
const MANY = 12

class DatasetColumns extends View {
  static override properties = {
    subject: { attribute: false },
    profiles: { state: true },
    problem: { state: true },
    search: { state: true },
  }
  declare subject: Dataset
  declare profiles: ColumnProfile[] | null
  declare problem: Problem | null
  declare search: string

  constructor() {
    super()
    this.profiles = null
    this.problem = null
    this.search = ''
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('subject') as Dataset | undefined
    if (changed.has('subject') && (before?.name !== this.subject.name || before.version !== this.subject.version)) {
      this.profiles = null
      void this.load()
    }
  }

  private async load(): Promise<void> {
    const { subject } = this
    this.problem = await this.attempt(async () => {
      const profile = await readProfile(subject.name, subject.version, this.signal)
      if (subject === this.subject) {
        this.profiles = profile.columns
      }
    })
  }

  override render() {
    const { columns } = this.subject
    const wanted = this.search.toLowerCase()
    const shown = columns.filter((c) => c.name.includes(wanted) || c.label.toLowerCase().includes(wanted))
    return html`
      ${problemBox(this.problem, this.problem?.problem.code === 'PROFILE_MISSING' ? undefined : () => void this.load())}
      ${this.profiles || this.problem ? nothing : busy('Loading the profile')}
      ${columns.length > MANY
        ? html`<label class="field">
            <span>Find a column of ${count(columns.length)}</span>
            <input type="search" @input=${(e: InputEvent) => (this.search = (e.target as HTMLInputElement).value.trim())} />
          </label>`
        : nothing}
      ${this.search ? html`<p role="status" class="dim">${counted(shown.length, 'column')}</p>` : nothing}
      <ul class="cards">
        ${shown.map((column) => html`<li>${this.card(column, this.profiles?.[columns.indexOf(column)])}</li>`)}
      </ul>
    `
  }

  private card(column: Column, profile: ColumnProfile | undefined) {
    const { rows } = this.subject
    return html`
      <article class="card" aria-label=${`Column ${column.name}`}>
        <h2>${column.name} <span class="chip type">${column.type}</span></h2>
        ${column.label === column.name ? nothing : html`<p class="dim label"><bdi>${excerpt(column.label)}</bdi></p>`}
        ${why(column)}
        <dl class="facts">
          <div><dt>NULL</dt><dd>${column.nulls === 0 ? 'none' : `${count(column.nulls)} (${percent(column.nulls, rows)})`}</dd></div>
          ${profile ? html`<div><dt>Distinct</dt><dd>${distinct(profile)}</dd></div>` : nothing}
          ${fact('Least', profile ? value(profile.min) : column.min)} ${fact('Greatest', profile ? value(profile.max) : column.max)}
          ${fact('Mean', profile && mean(profile))}
          ${fact('Std. dev.', profile && deviation(profile))}
          ${column.nullToken === null ? nothing : fact('NULL is written', column.nullToken)}
          ${column.format === null ? nothing : fact('Written as', column.format)}
          ${column.index === null ? nothing : fact('Index', column.index)} ${texts(profile)}
        </dl>
        ${profile ? html`${histogram(profile)} ${quantiles(profile)} ${topValues(profile)}` : nothing}
      </article>
    `
  }
}
customElements.define('dataset-columns', DatasetColumns)

function fact(name: string, text: string | null | undefined) {
  return text == null || text === '' ? nothing : html`<div><dt>${name}</dt><dd><bdi>${excerpt(text, 80)}</bdi></dd></div>`
}

/** Of numbers as many digits as are of use; the API has them all. */
function mean({ mean }: ColumnProfile): string {
  const number = Number(mean)
  return mean === null || Number.isNaN(number) ? value(mean) : decimal(number)
}

/** The standard deviation; of times the API gives it in seconds. */
function deviation({ stddev, type }: ColumnProfile): string | null {
  if (stddev === null) {
    return null
  }
  switch (type) {
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return `${decimal(stddev / 86_400)} days`
    case 'time':
      return duration(stddev)
    default:
      return decimal(stddev)
  }
}

function distinct({ distinct, estimates }: ColumnProfile) {
  return estimates.distinct
    ? html`about ${count(distinct)} <span class="dim">(${count(estimates.distinct.atLeast)} to ${count(estimates.distinct.atMost)})</span>`
    : count(distinct)
}

function texts(profile: ColumnProfile | undefined) {
  const text = profile?.text
  return text
    ? html`${fact('Length', `${count(text.minLength)} to ${count(text.maxLength)}, ${decimal(text.meanLength)} on average`)}
      ${text.empty > 0 ? fact('Empty texts', count(text.empty)) : nothing}
      ${text.leadingWhitespace + text.trailingWhitespace > 0
        ? fact('White space', `${count(text.leadingWhitespace)} begin, ${count(text.trailingWhitespace)} end with it`)
        : nothing}`
    : nothing
}

/** The types that were ruled out, each by the first cell that did. */
function why(column: Column) {
  if (column.ruledOut.length === 0) {
    return html`<p class="why dim">Every cell fits ${column.type}.</p>`
  }
  return html`
    <details class="why">
      <summary>Why ${column.type}</summary>
      <ul>
        ${column.ruledOut.map(
          (out) => html`<li>
            not <strong>${out.type}</strong>: row ${count(out.row)} has
            <q><bdi>${excerpt(out.value, 80)}</bdi></q>${out.reason ? html`, ${out.reason}` : nothing}
          </li>`,
        )}
      </ul>
    </details>
  `
}

function quantiles(profile: ColumnProfile) {
  if (!profile.quantiles) {
    return nothing
  }
  const of = Object.entries(profile.quantiles)
  return html`
    <table class="quantiles">
      <caption>Quantiles${profile.estimates.quantiles ? html` <span class="dim">(± ${percent(profile.estimates.quantiles, 1)} of the values)</span>` : nothing}</caption>
      <tbody>
        ${of.map(([share, v]) => html`<tr><th scope="row">${Math.round(Number(share) * 100)} %</th><td class="number"><bdi>${value(v)}</bdi></td></tr>`)}
      </tbody>
    </table>
  `
}
