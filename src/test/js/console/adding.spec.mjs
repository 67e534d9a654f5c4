import { unlink, writeFile } from 'node:fs/promises'
import { describe, get, killTheProcessThatHas, newKey, put, stopTheProcessThatHas } from './stage.mjs'
import { drop, expect, fillIn, signIn, table, test } from './test.mjs'

/** After so long without a key pressed a search begins. */
const TYPING_MS = 200

/** Sets how many bytes a second a page may send; -1 for as many as it can. */
async function slowed(page) {
  const devtools = await page.context().newCDPSession(page)
  return (uploadThroughput) =>
    devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput })
}

const fileOf = (name, rows) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(table(rows)) })
const sent = (page) => page.getByRole('progressbar').first().evaluate((progress) => progress.value)
const namesThere = async () => (await get('/v1/datasets')).items.map(({ name }) => name)

test.describe('adding data', () => {
  test('who has nothing yet tries the sample file, and has a dataset', async ({ page, context }) => {
    await signIn(context, await newKey('a beginner', 'write', 'stations'))
    await page.goto('/')
    await expect(page.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible()

    await page.getByRole('button', { name: 'Try a sample file' }).click()
    await expect(page.getByLabel('Type of zip')).toHaveText(/text \(found\)/)
    await page.getByRole('button', { name: 'Load' }).click()

    await expect(page.getByRole('heading', { name: 'stations', level: 1 })).toBeVisible()
    await expect(page.locator('dl.facts').first()).toContainText('Rows12')
    await page.getByRole('link', { name: 'Rows' }).click()
    await expect(page.getByRole('gridcell', { name: '9007199254740993', exact: true })).toBeVisible()
    await expect(page.getByRole('gridcell', { name: '00501', exact: true })).toBeVisible()
  })

  test('a dropped file is looked into, and is read as it is chosen there', async ({ console: page, refusals }) => {
    refusals.push('422')
    await page.goto('/#/datasets')
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()
    await drop(page.locator('body'), 'Fees of 2026.CSV', 'zip;fee\n10501;1,5\n12134;2,5\n')
    await expect(page.getByLabel('Name of the dataset')).toHaveValue('fees_of_2026')
    await expect(page.getByLabel('Delimiter')).toHaveText(/^\s*found: ;/)
    await expect(page.getByLabel('Type of fee')).toHaveText(/^\s*numeric \(found\)/)

    await page.getByLabel('Delimiter').selectOption(',')
    await expect(page.getByText('The first line has 1 field, and 2 of the lines below have 2 fields')).toBeVisible()
    await page.getByLabel('Delimiter').selectOption(';')
    await page.getByLabel('Type of zip', { exact: true }).selectOption('text')
    await expect(page.getByRole('cell', { name: '1,5', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Load' }).click()

    await expect(page.getByRole('heading', { name: 'fees_of_2026', level: 1 })).toBeVisible()
    const { dialect, columns } = await get('/v1/datasets/fees_of_2026')
    expect(dialect.delimiter).toBe(';')
    expect(columns.map(({ type }) => type)).toEqual(['text', 'numeric'])
  })

  for (const [how, name, end] of [
    ['is killed', 'large', killTheProcessThatHas],
    ['is told to end', 'larger', stopTheProcessThatHas],
  ]) {
    test(`an upload whose process ${how} is sent again, and is one version`, async ({ console: page, refusals }) => {
      refusals.push('ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', '409', '503')
      const keys = []
      page.on('request', (r) => r.method() === 'PUT' && r.url().includes(`/v1/datasets/${name}`) && keys.push(r.headers()['idempotency-key']))
      const upload = await slowed(page)
      await upload(300_000)
      await page.goto('/#/new')
      await page.getByLabel('Drop a CSV or TSV file here').setInputFiles(fileOf(`${name}.csv`, 300_000))
      await page.getByRole('button', { name: 'Load' }).click()
      await expect.poll(() => sent(page)).toBeGreaterThan(500_000)

      await end(`PUT /v1/datasets/${name}`)
      await upload(-1)

      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible({ timeout: 25_000 })
      expect(keys.length).toBeGreaterThan(1)
      expect(new Set(keys).size).toBe(1)
      const { items } = await get(`/v1/datasets/${name}/versions`)
      expect(items.map(({ version, rows }) => [version, rows])).toEqual([[1, 300_000]])
    })
  }

  test('an upload goes on while one looks elsewhere, and when it is cancelled nothing of it is stored', async ({ console: page, refusals }) => {
    refusals.push('409', 'ERR_CONNECTION_RESET')
    let puts = 0
    page.on('request', (r) => (puts += r.method() === 'PUT' && r.url().includes('/v1/datasets/unwanted') ? 1 : 0))
    await (await slowed(page))(200_000)
    await page.goto('/#/new')
    await page.getByLabel('Drop a CSV or TSV file here').setInputFiles(fileOf('unwanted.csv', 200_000))
    await page.getByRole('button', { name: 'Load' }).click()
    await expect(page.getByRole('region', { name: 'Ingest of unwanted' })).toBeVisible()
    await page.getByRole('link', { name: 'Datasets' }).click()
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()
    expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(false)
    await drop(page.locator('body'), 'the-next.csv', table(3))
    const before = await sent(page)
    await expect.poll(() => sent(page)).toBeGreaterThan(before)
    await page.getByRole('button', { name: 'Cancel the upload' }).click()

    await expect(page.getByRole('alert')).toContainText('CANCELLED')
    await expect(page.getByLabel('Name of the dataset')).toHaveValue('the-next')
    await expect(page.getByRole('region', { name: 'The first rows' })).toBeVisible()
    expect(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(true)
    expect(puts).toBe(1)
    expect(await namesThere()).not.toContain('unwanted')
  })

  test('whoever signs out leaves no upload to whoever signs in next', async ({ console: page, refusals }) => {
    refusals.push('401', '409', 'ERR_CONNECTION_RESET')
    await (await slowed(page))(200_000)
    await page.goto('/#/new')
    await page.getByLabel('Drop a CSV or TSV file here').setInputFiles(fileOf('left-behind.csv', 200_000))
    await page.getByRole('button', { name: 'Load' }).click()
    await expect(page.getByRole('region', { name: 'Ingest of left-behind' })).toBeVisible()
    await page.getByRole('link', { name: /^Session/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()

    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await fillIn(page, await newKey('the next one', 'write'))
    await page.getByRole('link', { name: 'Add data' }).click()
    await expect(page.getByText('Drop a CSV or TSV file here')).toBeVisible()
    await expect(page.getByRole('progressbar')).toHaveCount(0)
    await expect(page.getByRole('alert')).toHaveCount(0)
    expect(await namesThere()).not.toContain('left-behind')
  })

  test('a type that was chosen is none of the next file', async ({ console: page, refusals }) => {
    refusals.push('400')
    await page.goto('/#/new')
    const at = page.getByText('Drop a CSV or TSV file here')
    await drop(at, 'one.csv', 'zip,fee\n00501,1\n')
    await page.getByLabel('Type of fee').selectOption('text')
    await drop(at, 'two.csv', 'town,inhabitants\nUr,65000\n')

    await expect(page.getByLabel('Type of inhabitants')).toHaveText(/bigint \(found\)/)
    for (const type of await page.getByLabel('Type of town').locator('option').evaluateAll((all) => all.map((o) => o.value))) {
      await page.getByLabel('Type of town').selectOption(type)
      await expect(page.getByLabel('Type of town')).toHaveValue(type)
    }
    await expect(page.getByRole('alert')).toHaveCount(0)
  })

  test('a file that is gone when it is to be sent is no fault of the connection', async ({ console: page, refusals }, info) => {
    refusals.push('ERR_FILE_NOT_FOUND', 'ERR_UPLOAD_FILE_CHANGED', 'ERR_CONNECTION_RESET')
    const file = info.outputPath('gone.csv')
    await writeFile(file, table(20))
    await page.goto('/#/new')
    await page.getByLabel('Drop a CSV or TSV file here').setInputFiles(file)
    await expect(page.getByRole('region', { name: 'The first rows' })).toBeVisible()
    await unlink(file)
    await page.getByRole('button', { name: 'Load' }).click()

    await expect(page.getByRole('alert')).toContainText('FILE_UNREADABLE')
  })

  test('a file that cannot be loaded is refused with what is wrong and what to do', async ({ console: page, refusals }) => {
    refusals.push('422')
    await page.goto('/#/new')
    await drop(page.getByText('Drop a CSV or TSV file here'), 'wrong.csv', 'id,amount\n1,2\n2,"3\n')
    await page.getByRole('button', { name: 'Load' }).click()

    const problem = page.getByRole('alert').filter({ hasText: 'QUOTE_UNTERMINATED' }).last()
    await expect(problem).toContainText('Close the quote')
    await expect(problem).toContainText('Row')
  })

  test('the list is searched by name and by title', async ({ console: page }) => {
    for (const name of ['sought-apples', 'sought-pears']) {
      await put(name, table(1))
    }
    await describe('sought-apples', { title: 'Apples of New York' })
    await page.goto('/')
    const search = page.getByLabel('Search names and titles')
    await search.fill('PEARS')

    const names = page.getByRole('region', { name: 'Datasets' }).locator('tbody th a')
    await expect(names).toHaveText(['sought-pears'])
    await expect(page).toHaveURL(/#\/datasets\?q=PEARS$/)
    await page.reload()
    await expect(names).toHaveText(['sought-pears'])
    await search.fill('nothing has this')
    await expect(page.getByText('No name or title has')).toBeVisible()

    await search.fill('')
    const asked = page.waitForRequest((r) => new URL(r.url()).searchParams.get('q') === 'new')
    await search.pressSequentially('new ')
    await asked
    await search.pressSequentially('york')
    await expect(search).toHaveValue('new york')
    await expect(names).toHaveText(['sought-apples'])
  })

  test('a search that goes on when one leaves takes nobody back', async ({ console: page }) => {
    await page.addInitScript((typing) => {
      const { setTimeout } = window
      window.setTimeout = (work, ms, ...rest) => {
        if (ms === typing) {
          window.ended = work
        }
        return setTimeout(work, ms, ...rest)
      }
    }, TYPING_MS)
    await page.goto('/')
    await page.getByLabel('Search names and titles').fill('no longer of interest')
    await page.evaluate(() => {
      location.hash = '#/ingests'
      window.ended() // before the console hears of it
    })

    await expect(page.getByRole('heading', { name: 'Ingests', level: 1 })).toBeVisible()
    await page.evaluate(() => window.ended())
    await expect(page).toHaveURL(/#\/ingests$/)
  })
})
