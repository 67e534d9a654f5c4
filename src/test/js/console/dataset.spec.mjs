import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { get, key, put } from './stage.mjs'
import { expect, table, test } from './test.mjs'

const run = promisify(execFile)
const withKey = { env: { ...process.env, SLUICE_KEY: key } }

const open = async (page, name, part) => {
  await page.goto(`/#/datasets/${name}/${part}`)
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

const grid = (page) => page.getByRole('grid')
const column = (page, index) => grid(page).locator(`[role=gridcell][aria-colindex="${index}"]`)

/** What a box has to be copied. */
const toCopy = (page, label) => page.locator('copy-box').filter({ has: page.getByText(label, { exact: true }) }).locator('code')

test.describe('a dataset', () => {
  test('columns say what is in them and why they have their types', async ({ console: page }) => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i === 0 ? '00501' : 10_000 + i},${i % 10}.5,2026-01-${1 + (i % 28)},${['a', 'b'][i % 2]}`)
    await put('described', `zip,fee,day,kind\n${rows.join('\n')}\n`.replace(/-(\d)(?=,)/g, '-0$1'))
    await open(page, 'described', 'columns')

    const card = (name) => page.getByRole('article', { name: `Column ${name}` })
    await card('zip').getByText('Why text').click()
    await expect(card('zip').locator('.why')).toContainText('not bigint: row 1 has 00501')
    await expect(card('fee')).toContainText('numeric')
    await expect(card('fee').getByRole('img', { name: /^Histogram of fee/ })).toBeVisible()
    await expect(card('fee').locator('.quantiles tr').filter({ hasText: '50 %' })).toContainText(/[45]\.5/)
    await expect(card('day')).toContainText('date')
    await expect(card('kind').locator('.top tbody tr').first()).toContainText('100')
  })

  test('rows are read by cursor, page by page, as far as one scrolls', async ({ console: page }) => {
    await put('long', table(3000))
    const asked = []
    page.on('request', (r) => r.url().includes('/rest/v1/long@1') && asked.push(new URL(r.url()).searchParams))
    await open(page, 'long', 'rows')
    await expect(page.getByText('3,000 rows')).toBeVisible()
    await expect(column(page, 2).first()).toHaveText('1')

    await expect(async () => {
      await grid(page).evaluate((g) => g.scrollTo(0, g.scrollHeight))
      await expect(column(page, 2).filter({ hasText: /^3000$/ })).toBeVisible({ timeout: 100 })
    }).toPass()

    const [first, ...others] = asked.filter((parameters) => parameters.get('select') !== '_row')
    expect(first.has('_after')).toBe(false)
    expect(others.length).toBeGreaterThan(10)
    expect(others.every((parameters) => parameters.has('_after') && !parameters.has('offset'))).toBe(true)
    expect(await grid(page).locator('[role=row]').count(), 'only what is seen is in the document').toBeLessThan(100)
  })

  test('rows are sorted and filtered, and both stand in the address', async ({ console: page }) => {
    await put('sorted', table(300))
    await open(page, 'sorted', 'rows')
    const amount = grid(page).getByRole('columnheader', { name: /^amount/ })
    await amount.click()
    await amount.click()
    await expect(amount).toHaveAttribute('aria-sort', 'descending')
    await expect(column(page, 3).first()).toHaveText('99')

    await page.getByRole('button', { name: 'Add filter' }).click()
    const form = page.getByRole('form', { name: 'Filter' })
    await form.getByLabel('Column').selectOption('label')
    await form.getByLabel('Condition').selectOption('contains')
    await form.getByLabel('Value').fill('7')
    await form.getByRole('button', { name: 'Apply' }).click()

    const matching = Array.from({ length: 300 }, (_, i) => i + 1).filter((n) => String(n).includes('7'))
    await expect(page.getByText(`${matching.length} rows`)).toBeVisible()
    await expect(page).toHaveURL(/rows\?label=ilike\.\*7\*&order=amount\.desc$/)
    await page.reload()
    await expect(page.getByText(`${matching.length} rows`)).toBeVisible()
    const most = Math.max(...matching.map((n) => ((n - 1) * 7) % 100))
    await expect(column(page, 3).first()).toHaveText(String(most))
    await page.getByRole('button', { name: 'Remove the filter label=ilike.*7*' }).click()
    await expect(page.getByText('300 rows')).toBeVisible()
  })

  test('what is copied as curl and as supabase-js gives the rows that are seen', async ({ console: page }) => {
    const hard = `it's "$HOME" \`id\` \\ 100% & <b>`
    const rows = [1, 2, 3].map((n) => `${n},9007199254740993,"${hard.replaceAll('"', '""')}"`)
    await put('copied', `id,large,text\n${rows.join('\n')}\n4,1,other\n`)
    const query = new URLSearchParams([['text', `eq.${hard}`], ['order', 'id.desc']])
    await open(page, 'copied', `rows?${query}`)
    await expect(page.getByText('3 rows')).toBeVisible()
    await expect(column(page, 2)).toHaveText(['3', '2', '1'])
    await page.getByText('As a request').click()

    const { stdout } = await run('bash', ['-c', await toCopy(page, 'curl').first().textContent()], withKey)
    expect(JSON.parse(stdout).map(({ id, text }) => [id, text])).toEqual([3, 2, 1].map((id) => [id, hard]))
    expect(stdout).toContain('9007199254740993')

    const program = test.info().outputPath('copied.mjs')
    await writeFile(program, `${await toCopy(page, 'supabase-js').first().textContent()}\nconsole.log(JSON.stringify(data ?? error))\n`)
    const said = await run('node', ['--experimental-websocket', '--no-warnings', program], withKey)
    expect(JSON.parse(said.stdout).map(({ id, text }) => [id, text])).toEqual([3, 2, 1].map((id) => [id, hard]))
  })

  test('a cell is opened as a whole, and can be copied', async ({ console: page }) => {
    const long = 'word '.repeat(400).trim()
    await put('whole', `id,text\n1,${long}\n2,\n`)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await open(page, 'whole', 'rows')
    await column(page, 3).first().dblclick()

    const dialog = page.getByRole('dialog')
    await expect(dialog.locator('pre')).toHaveText(long)
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await expect(dialog.getByRole('status')).toHaveText('Copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(long)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(dialog).toHaveCount(0)
  })

  test('a file of it is downloaded', async ({ console: page }) => {
    const content = table(500)
    await put('exported', content)
    await open(page, 'exported', 'use')
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSV', exact: true }).click()

    const file = await download
    expect(file.suggestedFilename()).toBe('exported-v1.csv')
    expect(await readFile(await file.path(), 'utf8')).toBe(content)

    const cwd = test.info().outputDir
    await mkdir(cwd, { recursive: true })
    await run('bash', ['-c', await toCopy(page, 'curl, each cell as the source wrote it').textContent()], { ...withKey, cwd })
    expect(await readFile(join(cwd, 'exported-v1.csv'), 'utf8')).toBe(content)
  })

  test('versions are compared, and one is restored', async ({ console: page }) => {
    await put('changing', 'id,old,fee\n1,x,1\n2,y,2\n')
    await put('changing', 'id,fee,new\n1,1.5,\n2,2,z\n3,3,z\n')
    await open(page, 'changing', 'versions')

    const changed = page.getByRole('region', { name: 'Columns that changed' }).locator('tbody tr')
    await expect(changed).toHaveText([/fee\s*type\s*bigint\s*numeric/, /new\s*added\s*text/, /old\s*removed\s*text/])
    await expect(page.locator('.figures')).toContainText(/Rows\s*3\s*\+1/)

    await page.getByRole('button', { name: 'Restore version 1', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()

    const versions = page.getByRole('region', { name: 'Versions' }).locator('tbody tr')
    await expect(versions).toHaveCount(3)
    await expect(versions.first()).toContainText(/3\s*current/)
    await page.getByRole('link', { name: 'Rows', exact: true }).click()
    await expect(grid(page).getByRole('columnheader', { name: /^old/ })).toBeVisible()
    expect((await get('/v1/datasets/changing')).version).toBe(3)
  })

  test('a version is restored on the page of an old one, and is seen there', async ({ console: page }) => {
    await put('going-back', table(1))
    await put('going-back', table(2))
    await open(page, 'going-back', 'versions?version=1')

    await page.getByRole('button', { name: 'Restore version 1', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()

    const versions = page.getByRole('region', { name: 'Versions' }).locator('tbody tr')
    await expect(versions).toHaveCount(3)
    await expect(versions.first()).toContainText(/3\s*current/)
    await expect(page.getByRole('link', { name: 'Open version 3' })).toBeVisible()
  })

  test('the versions that were chosen last are compared, whatever is answered when', async ({ console: page, refusals }) => {
    refusals.push('404')
    for (const rows of [1, 2, 3]) {
      await put('chosen', table(rows))
    }
    const oldest = '**/v1/datasets/chosen/versions/1'
    const held = []
    await page.route(oldest, (route) => void held.push(route))
    await open(page, 'chosen', 'versions')
    const figures = page.locator('.figures')
    await expect(figures).toContainText(/Rows\s*3\s*\+1/)
    const from = page.getByLabel('From version')
    await from.selectOption('1')
    await expect.poll(() => held.length).toBe(1)
    await from.selectOption('3')
    const same = page.getByText('Both were made of the same bytes.')
    await expect(same).toBeVisible()

    await held[0].continue()
    await (await held[0].request().response()).finished()
    await page.evaluate(() => new Promise(requestAnimationFrame)) // it has been looked at by then
    await expect(same).toBeVisible()

    await page.unroute(oldest)
    await page.route(oldest, (route) => route.fulfill({ status: 404, json: { code: 'VERSION_NOT_FOUND', detail: 'Not now.' } }))
    await from.selectOption('1')
    await expect(page.getByRole('alert')).toContainText('VERSION_NOT_FOUND')
    await expect(figures).toHaveCount(0)

    await from.selectOption('2')
    await expect(figures).toContainText(/Rows\s*3\s*\+1/)
    await expect(page.getByRole('alert')).toHaveCount(0)
  })

  for (const [where, asked] of [
    ['that was current', ''],
    ['of the address', '?version=1'],
  ]) {
    test(`when the version ${where} is no longer kept, all of the page is shown of the current one`, async ({ console: page, refusals }) => {
      refusals.push('410')
      const name = asked ? 'pruned-by-number' : 'pruned'
      await put(name, 'id\n1\n')
      await open(page, name, `rows${asked}`)
      await expect(page.getByText('1 row', { exact: true })).toBeVisible()
      await put(name, 'id,more\n1,x\n2,y\n')
      const gone = { problem: 'VERSION_GONE', title: 'This version is no longer kept', detail: 'Version 1 is no longer kept.' }
      await page.route(({ pathname }) => pathname === `/rest/v1/${name}@1`, (route) => route.fulfill({ status: 410, json: gone }))
      await page.getByLabel('Sort by').selectOption('id')
      await expect(page.getByRole('alert')).toContainText('VERSION_GONE')

      await page.getByRole('button', { name: 'Show the current version' }).click()

      await expect(page.getByText('2 rows', { exact: true })).toBeVisible()
      await expect(page).toHaveURL(/rows\?order=id\.asc$/)
      await expect(page.locator('dl.facts').first()).toContainText(/Version\s*2\s*Rows\s*2\s*Columns\s*2/)
      await expect(page.getByText('is not the current one')).toHaveCount(0)
      await page.getByRole('link', { name: 'Columns', exact: true }).click()
      await expect(page.getByRole('article', { name: 'Column more' })).toBeVisible()
    })
  }

  test('a version that is not the current one says so', async ({ console: page }) => {
    await put('moved', 'id\n1\n')
    await put('moved', 'id\n1\n2\n')
    await open(page, 'moved', 'rows?version=1')
    await expect(page.getByText('1 row', { exact: true })).toBeVisible()

    await page.getByRole('link', { name: 'Open version 2' }).click()

    await expect(page.getByText('2 rows', { exact: true })).toBeVisible()
  })

  test('rows that are looked at stay those of their version when another one is published', async ({ console: page }) => {
    await put('moving', table(1000))
    await open(page, 'moving', 'rows')
    await expect(page.getByText('1,000 rows')).toBeVisible()
    await put('moving', 'id,amount,label\n1,1,other\n')

    await expect(async () => {
      await grid(page).evaluate((g) => g.scrollTo(0, g.scrollHeight))
      await expect(column(page, 4).filter({ hasText: /^place 1000$/ })).toBeVisible({ timeout: 100 })
    }).toPass()
  })

  test('what was kept out is told, each with its reason and as it was', async ({ console: page }) => {
    await put('rejected', 'id,fee\n1,1.5\n2,unknown\n3,2.5,7\n', { types: 'fee:numeric' })
    await open(page, 'rejected', 'columns')
    await page.getByRole('link', { name: /^Rejects/ }).click()

    const { items } = await get('/v1/datasets/rejected/versions/1/rejects')
    expect(items.length).toBe(2)
    const rejects = page.getByRole('region', { name: 'Rejects' }).locator('tbody tr')
    await expect(rejects).toHaveCount(2)
    for (const [i, { row, reason, raw }] of items.entries()) {
      await expect(rejects.nth(i)).toContainText(String(row))
      await expect(rejects.nth(i)).toContainText(reason)
      await expect(rejects.nth(i).locator('.raw')).toHaveText(raw)
    }
  })
})

test.describe('a list', () => {
  test.beforeAll(async () => {
    for (const row of ['1,unknown', '2,unknown']) {
      await put('listed', `id,fee\n${row}\n3,1.5\n`, { types: 'fee:numeric' })
    }
  })

  for (const [name, path, address] of [
    ['Datasets', '/v1/datasets', '/#/datasets'],
    ['Versions', '/v1/datasets/listed/versions', '/#/datasets/listed/versions'],
    ['Rejects', '/v1/datasets/listed/versions/1/rejects', '/#/datasets/listed/rejects?version=1'],
  ]) {
    test(`${name} shows its parts once, also when one asks twice for the next`, async ({ console: page }) => {
      const items = (await get(path)).items.slice(0, 1)
      const held = []
      await page.route(({ pathname }) => pathname === path, (route) => void held.push(route))
      const answer = async (next) => {
        await expect.poll(() => held.length).toBeGreaterThan(0)
        await held.shift().fulfill({ json: { items, next } })
      }
      const shown = page.getByRole('region', { name }).locator('tbody tr')
      const more = page.getByRole('button', { name: 'Show more' })
      await page.goto(address)
      await answer(`${path}?after=1`)

      await more.click()
      await more.click()
      await expect.poll(() => held.length).toBe(2)
      await answer(`${path}?after=2`)
      await answer(`${path}?after=2`)
      await expect(shown).toHaveCount(2)
      await more.click()
      await answer(null)

      await expect(more).toHaveCount(0)
      await expect(shown).toHaveCount(3)
    })
  }
})
