// Measures the rows of a large table in a browser; see bench/console-rows.
//
//   node scroll.mjs generate ROWS COLUMNS         prints such a table, as CSV
//   node scroll.mjs measure URL DATASET           opens its rows, scrolls for ten seconds, prints what a trace says

import { once } from 'node:events'
import { chromium as browsers } from '@playwright/test'
import { chromium } from './chromium.mjs'

const SCROLL_MS = 10_000
const FRAME_MS = 50
const DIFFERENT = 997

async function generate(rows, columns) {
  const header = ['id', ...Array.from({ length: columns - 1 }, (_, c) => `measure_${c + 1}`)]
  const rests = Array.from({ length: DIFFERENT }, (_, r) =>
    Array.from({ length: columns - 1 }, (_, c) => (c % 4 === 3 ? `text ${(r * c) % 89}` : (r * 31 + c * 7) % 1000)).join(','),
  )
  let block = `${header.join(',')}\n`
  for (let row = 1; row <= rows; row++) {
    block += `${row},${rests[row % DIFFERENT]}\n`
    if (block.length > 1 << 20 || row === rows) {
      if (!process.stdout.write(block)) {
        await once(process.stdout, 'drain')
      }
      block = ''
    }
  }
}

async function measure(url, dataset) {
  const browser = await browsers.launch(chromium)
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${url}/#/`)
    await page.getByRole('heading', { name: 'Datasets' }).waitFor() // the page itself is there
    const begun = Date.now()
    await page.goto(`${url}/#/datasets/${dataset}/rows`)
    await page.getByRole('gridcell').first().waitFor()
    console.log(`first rows                ${Date.now() - begun} ms`)
    for (const [direction, x, y] of [['down', 0, 400], ['across', 400, 0]]) {
      await scroll(page, direction, x, y)
    }
    console.log(`rows seen down to         ${await page.getByRole('row').last().getAttribute('aria-rowindex')}`)
  } finally {
    await browser.close()
  }
}

async function scroll(page, direction, x, y) {
  const devtools = await page.context().newCDPSession(page)
  const events = []
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', '__metadata'] },
  })
  await page.evaluate(() => {
    window.frames_ = []
    let last = performance.now()
    const frame = (now) => {
      window.frames_.push(now - last)
      last = now
      window.watching = requestAnimationFrame(frame)
    }
    window.watching = requestAnimationFrame(frame)
  })
  const grid = await page.getByRole('grid').boundingBox()
  await page.mouse.move(grid.x + grid.width / 2, grid.y + grid.height / 2)
  const end = Date.now() + SCROLL_MS
  for (let turn = 0; Date.now() < end; turn++) {
    const back = x !== 0 && turn % 100 >= 50 ? -1 : 1
    await page.mouse.wheel(back * x, y)
    await page.evaluate(() => new Promise(requestAnimationFrame)) // as often as it is drawn
  }
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.watching)
    return window.frames_
  })
  const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve))
  await devtools.send('Tracing.end')
  await complete
  await devtools.detach()
  say(direction, frames.toSorted((a, b) => a - b), tasks(events, 'dur'), tasks(events, 'tdur'))
}

/** Milliseconds of each task of the page's main thread: as the clock says (dur), and of them at a processor (tdur). */
function tasks(events, time) {
  const main = new Set(
    events.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid} ${e.tid}`),
  )
  return events
    .filter((e) => e.name === 'RunTask' && main.has(`${e.pid} ${e.tid}`))
    .map((e) => (e[time] ?? 0) / 1000)
    .toSorted((a, b) => a - b)
}

function say(direction, frames, tasks, busy) {
  const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1)
  const over = frames.filter((ms) => ms > FRAME_MS).length
  console.log(`${direction.padEnd(8)} frames           ${frames.length}: median ${at(frames, 0.5)}, 99 % ${at(frames, 0.99)}, longest ${at(frames, 1)} ms; ${over} over ${FRAME_MS} ms`)
  console.log(`${direction.padEnd(8)} main thread      ${tasks.length} tasks: 99 % ${at(tasks, 0.99)}, longest ${at(tasks, 1)} ms; at a processor longest ${at(busy, 1)} ms`)
}

const [what, ...operands] = process.argv.slice(2)
await (what === 'generate' ? generate(Number(operands[0]), Number(operands[1])) : measure(...operands))
