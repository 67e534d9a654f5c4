import { get, killTheProcessThatHas, newKey, put } from './stage.mjs'
import { drop, expect, signIn, table, test } from './test.mjs'

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

  test('a dropped file is looked into, and is read as it is chosen there', async ({ console: page }) => {
    await page.goto('/#/datasets')
    await drop(page.locator('body'), 'Fees of 2026.CSV', 'zip;fee\n10501;1,5\n12134;2,5\n')
    await expect(page.getByLabel('Name of the dataset')).toHaveValue('fees_of_2026')
    await expect(page.getByLabel('Delimiter')).toHaveText(/^\s*found: ;/)
    await expect(page.getByLabel('Type of fee')).toHaveText(/^\s*numeric \(found\)/)

    await page.getByLabel('Delimiter').selectOption(',')
    await page.getByLabel('Type of zip;fee').selectOption('text')
    await page.getByLabel('Delimiter').selectOption(';')
    await page.getByLabel('Type of zip', { exact: true }).selectOption('text')
    await expect(page.getByRole('cell', { name: '1,5', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Load' }).click()

    await expect(page.getByRole('heading', { name: 'fees_of_2026', level: 1 })).toBeVisible()
    const { dialect, columns } = await get('/v1/datasets/fees_of_2026')
    expect(dialect.delimiter).toBe(';')
    expect(columns.map(({ type }) => type)).toEqual(['text', 'numeric'])
  })

  test('an upload whose process is killed is sent again, and is one version', async ({ console: page, refusals }) => {
    refusals.push('ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', '409', '503')
    const keys = []
    page.on('request', (r) => r.method() === 'PUT' && r.url().includes('/v1/datasets/large') && keys.push(r.headers()['idempotency-key']))
    const slowly = await page.context().newCDPSession(page)
    const upload = (uploadThroughput) =>
      slowly.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput })
    await upload(1_000_000)
    await page.goto('/#/new')
    await page.getByLabel('Drop a CSV or TSV file here').setInputFiles({
      name: 'large.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(table(300_000)),
    })
    await page.getByRole('button', { name: 'Load' }).click()
    await expect.poll(() => page.getByRole('progressbar').first().evaluate((p) => p.value)).toBeGreaterThan(500_000)

    await killTheProcessThatHas('PUT /v1/datasets/large')
    await upload(-1)

    await expect(page.getByRole('heading', { name: 'large', level: 1 })).toBeVisible({ timeout: 25_000 })
    expect(keys.length).toBeGreaterThan(1)
    expect(new Set(keys).size).toBe(1)
    const { items } = await get('/v1/datasets/large/versions')
    expect(items.map(({ version, rows }) => [version, rows])).toEqual([[1, 300_000]])
  })

  test('an upload goes on while one looks elsewhere, and when it is cancelled nothing of it is stored', async ({ console: page, refusals }) => {
    refusals.push('409')
    const slowly = await page.context().newCDPSession(page)
    await slowly.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 200_000,
    })
    await page.goto('/#/new')
    await page.getByLabel('Drop a CSV or TSV file here').setInputFiles({
      name: 'unwanted.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(table(200_000)),
    })
    await page.getByRole('button', { name: 'Load' }).click()
    await expect(page.getByRole('region', { name: 'Ingest of unwanted' })).toBeVisible()
    await page.getByRole('link', { name: 'Datasets' }).click()
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Add data' }).click()
    const sent = () => page.getByRole('progressbar').first().evaluate((progress) => progress.value)
    const before = await sent()
    await expect.poll(sent).toBeGreaterThan(before)
    await page.getByRole('button', { name: 'Cancel the upload' }).click()

    await expect(page.getByRole('alert')).toContainText('CANCELLED')
    expect((await get('/v1/datasets')).items.map(({ name }) => name)).not.toContain('unwanted')
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
    await page.goto('/')
    await page.getByLabel('Search names and titles').fill('PEARS')

    const names = page.getByRole('region', { name: 'Datasets' }).locator('tbody th a')
    await expect(names).toHaveText(['sought-pears'])
    await expect(page).toHaveURL(/#\/datasets\?q=PEARS$/)
    await page.reload()
    await expect(names).toHaveText(['sought-pears'])
    await page.getByLabel('Search names and titles').fill('nothing has this')
    await expect(page.getByText('No name or title has')).toBeVisible()
  })
})
