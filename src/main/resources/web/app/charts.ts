// Charts, drawn as SVG: what is in a column.

import { html, nothing, svg } from 'lit'
import type { ColumnProfile } from './api'
import { count, counted, excerpt, percent, value } from './format'

const WIDTH = 240
const HEIGHT = 56

/** Bins of the same width, from the least value to the greatest. */
export function histogram({ name, histogram, min, max }: ColumnProfile) {
  if (!histogram || histogram.counts.length === 0) {
    return nothing
  }
  const { edges, counts } = histogram
  const most = Math.max(...counts, 1)
  const width = WIDTH / counts.length
  const fullest = counts.indexOf(most)
  const text = `Histogram of ${name}: ${counted(counts.length, 'bin')} from ${value(min)} to ${value(max)}; the fullest, from ${value(edges[fullest])} to ${value(edges[fullest + 1])}, has ${counted(most, 'value')}`
  return html`
    <figure class="chart">
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${text}>
        ${counts.map((n, i) => {
          const height = n === 0 ? 0 : Math.max(1, (n / most) * HEIGHT)
          return svg`<rect x=${i * width + 0.5} y=${HEIGHT - height} width=${Math.max(0.5, width - 1)} height=${height}>
            <title>${value(edges[i])} to ${value(edges[i + 1])}: ${count(n)}</title>
          </rect>`
        })}
      </svg>
      <figcaption><bdi>${excerpt(value(min), 30)}</bdi><bdi>${excerpt(value(max), 30)}</bdi></figcaption>
    </figure>
  `
}

/** The most frequent values, each with its share as a bar. */
export function topValues({ name, top, count: values, estimates }: ColumnProfile) {
  if (top.length === 0) {
    return nothing
  }
  const most = Math.max(...top.map((t) => t.count))
  return html`
    <table class="top">
      <caption>Most frequent${estimates.top ? html` <span class="dim">(up to ${count(estimates.top)} too many)</span>` : nothing}</caption>
      <thead class="unseen"><tr><th scope="col">Value of ${name}</th><th scope="col">Share</th><th scope="col">Count</th></tr></thead>
      <tbody>
        ${top.map(
          (t) => html`<tr>
            <th scope="row">${t.value === '' ? html`<span class="null">empty text</span>` : html`<bdi>${excerpt(value(t.value), 60)}</bdi>`}</th>
            <td>
              <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * t.count) / most} height="8"></rect></svg>
              <span class="unseen">${percent(t.count, values)}</span>
            </td>
            <td class="number">${count(t.count)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  `
}
