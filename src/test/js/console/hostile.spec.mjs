// What is in data is text, whatever it says.

import { describe, get, ingest, put } from './stage.mjs'
import { drop, expect, test } from './test.mjs'

const IMAGE = `<img src=x onerror="window.ran=1;alert(1)">`
const SCRIPT = `<script>window.ran=1</script>`
const TURNED = '\u202egnp.exe\u2066 \u200f'
const WORD = 'W'.repeat(10_000)
const QUOTES = `"'\`\${window.ran=1}{{ran}}</td></textarea>`
const TEXTS = [IMAGE, SCRIPT, TURNED, QUOTES, `javascript:window.ran=1`, `=HYPERLINK("x")`, '&lt;b&gt;&amp;']

const DESCRIPTION = `${SCRIPT} ${WORD.slice(100)}` // no more is allowed

const quoted = (text) => `"${text.replaceAll('"', '""')}"`
const row = (...cells) => `${cells.map(quoted).join(',')}\n`

const FILE =
  row('id', IMAGE, TURNED, WORD.slice(0, 1000), 'count', 'ruled out') +
  TEXTS.map((text, i) => row(String(i), text, TEXTS[(i + 1) % TEXTS.length], WORD, '1', i === 0 ? '1' : SCRIPT + IMAGE)).join('') +
  row('x', IMAGE, SCRIPT, 'kept out', `${IMAGE}${TURNED}`, '')

const nothingRan = (page) => page.evaluate(() => window.ran === undefined && document.querySelector('main img, main script, main iframe') === null)

/** The page as a whole is as wide as its window, however wide what is in it is. */
const fits = (page) => page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth)

/** It is there, it is text, and nothing of it ran. */
async function isText(page, texts) {
  const whole = page.locator('main')
  for (const text of texts) {
    await expect.poll(async () => (await whole.textContent()).includes(text), `${text.slice(0, 40)} is there`).toBe(true)
  }
  expect(await nothingRan(page)).toBe(true)
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await fits(page), `it fits into ${width} pixels`).toBe(true)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

test.describe('hostile content', () => {
  test.beforeAll(async () => {
    await put('hostile', FILE, { types: 'count:bigint' })
    await put('hostile', FILE.replace(IMAGE, `${IMAGE} again`), { types: 'count:bigint' })
    await describe('hostile', { title: `${IMAGE} ${TURNED}`, description: DESCRIPTION })
  })

  for (const [part, texts] of [
    ['columns', [IMAGE, SCRIPT, TURNED, QUOTES]],
    ['versions', [IMAGE]],
    ['rejects', [IMAGE + TURNED]],
    ['use', [IMAGE]],
  ]) {
    test(`${part} of a dataset show it as text`, async ({ console: page }) => {
      await page.goto(`/#/datasets/hostile/${part}`)
      await isText(page, [`${IMAGE} ${TURNED}`, DESCRIPTION, ...texts])
    })
  }

  test('the list shows it as text', async ({ console: page }) => {
    await page.goto('/')
    await isText(page, [`${IMAGE} ${TURNED}`])
  })

  test('rows show it as text, and their whole values as they are', async ({ console: page }) => {
    const { columns } = await get('/v1/datasets/hostile')
    await page.goto('/#/datasets/hostile/rows')
    const cells = page.locator('[role=gridcell][aria-colindex="3"]')
    await expect(cells).toHaveText([...TEXTS, IMAGE])
    await isText(page, TEXTS)

    for (const [at, text] of TEXTS.entries()) {
      await cells.nth(at).dblclick()
      await expect.poll(() => page.getByRole('dialog').locator('pre').evaluate((pre) => pre.textContent)).toBe(text)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }
    await page.locator('[role=gridcell][aria-colindex="5"]').first().dblclick()
    await expect.poll(() => page.getByRole('dialog').locator('pre').evaluate((pre) => pre.textContent)).toBe(WORD)
    expect(await fits(page)).toBe(true)
    await page.keyboard.press('Escape')

    const filters = new URLSearchParams([[columns[1].name, `eq.${QUOTES}`]])
    await page.goto(`/#/datasets/hostile/rows?${filters}`)
    await expect(cells).toHaveText([QUOTES])
    await page.getByText('As a request').click()
    await isText(page, [QUOTES])
  })

  test('a file that is dropped is shown as text', async ({ console: page }) => {
    await page.goto('/#/new')
    await drop(page.getByText('Drop a CSV or TSV file here'), `${IMAGE}${TURNED}.csv`, FILE)
    await expect(page.getByRole('region', { name: 'The first rows' })).toBeVisible()
    await isText(page, [`${IMAGE}${TURNED}.csv`, IMAGE, SCRIPT, TURNED, QUOTES])
  })

  test('what an ingest failed for is shown as text', async ({ console: page }) => {
    const { id } = await ingest('hostile-ingest', `/wrong.csv?${encodeURIComponent(IMAGE)}`, { onBadRow: 'fail', types: 'amount:bigint,id:text' })
    await page.goto(`/#/ingests/${id}`)
    await expect(page.locator('.raw')).toBeVisible()
    await isText(page, [`<img src=x onerror=alert(1)>`])
    await page.goto('/#/ingests')
    await expect(page.getByRole('region', { name: 'Failed lately' })).toBeVisible()
    await isText(page, [])
  })

  test('addresses that lead nowhere do no harm', async ({ console: page, refusals }) => {
    refusals.push('400', '404')
    for (const at of [encodeURIComponent(IMAGE), '..%2f..%2fq%2fmetrics', '%', '%ff', encodeURIComponent(TURNED)]) {
      for (const place of [`#/datasets/${at}/rows`, `#/ingests/${at}`, `#/new?url=${at}&name=${at}`, `#/datasets?q=${at}`, `#/${at}`]) {
        await page.goto(`/${place}`)
        await expect(page.locator('h1')).toBeVisible()
        expect(await nothingRan(page)).toBe(true)
        expect(await fits(page)).toBe(true)
      }
    }
  })
})
