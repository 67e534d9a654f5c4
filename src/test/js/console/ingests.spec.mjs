import { cancel, get, hurry, ingest, killTheProcessThatHas, source } from './stage.mjs'
import { expect, test } from './test.mjs'

const state = (page) => page.locator('.ingest .state [role=status]')

/** A number of the page, without what separates its digits. */
const figure = async (page, name) => Number((await page.locator('.figures div', { hasText: name }).locator('dd').textContent()).replace(/\D/g, ''))

test.describe('ingests', () => {
  test.beforeEach(() => hurry(false))

  test('what a URL gives is followed while it comes, in a page that is loaded again and by another process', async ({ console: page, refusals }) => {
    refusals.push('ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', 'ERR_INCOMPLETE_CHUNKED_ENCODING')
    await page.goto('/#/new')
    await page.getByLabel('or paste its URL').fill(`${source}/slow.csv`)
    await expect(page.getByLabel('Name of the dataset')).toHaveValue('slow')
    await page.getByRole('button', { name: 'Load' }).click()
    await expect(page).toHaveURL(/#\/ingests\/./)
    const id = /[^/]+$/.exec(page.url())[0]
    const received = () => page.locator('progress').evaluate((progress) => progress.value)
    const goesOn = async () => {
      const before = await received()
      await expect.poll(received).toBeGreaterThan(before)
    }
    await goesOn()
    await expect(page.locator('dl.facts', { hasText: 'Process' })).toBeVisible() // which nobody had when it was asked for
    await page.reload()
    await goesOn()
    await killTheProcessThatHas(`GET /v1/ingests/${id}/events`)
    await goesOn()
    await hurry(true)

    await expect(state(page)).toHaveText('Done')
    await page.getByRole('link', { name: 'Open version 1' }).click()
    await expect(page.locator('dl.facts').first()).toContainText('Rows40,000')
  })

  test('what runs is cancelled', async ({ console: page }) => {
    const { id } = await ingest('never-there', '/slow.csv')
    await page.goto(`/#/ingests/${id}`)
    await expect(state(page)).toHaveText('Running')

    await page.getByRole('button', { name: 'Cancel' }).click()

    await expect(state(page)).toHaveText('Cancelled')
    expect((await get(`/v1/ingests/${id}`)).state).toBe('cancelled')
  })

  test('what failed says where and why and what to do', async ({ console: page }) => {
    const { id } = await ingest('failed', '/wrong.csv', { onBadRow: 'fail', types: 'id:bigint' })
    await page.goto(`/#/ingests/${id}`)
    await expect(state(page)).toHaveText('Failed')

    const problem = page.getByRole('alert')
    const { problem: told } = await get(`/v1/ingests/${id}`)
    await expect(problem).toContainText(told.code)
    await expect(problem).toContainText('Row2,001')
    await expect(problem).toContainText('Columnid')
    await expect(problem.locator('.raw')).toHaveText('one')
    await expect(problem.locator('.advice')).not.toBeEmpty()
  })

  test('what failed is asked for again', async ({ console: page }) => {
    const { id } = await ingest('late', '/late.csv')
    await page.goto(`/#/ingests/${id}`)
    await expect(state(page)).toHaveText('Failed')

    await page.getByRole('button', { name: 'Try again' }).click()

    await expect(state(page)).toHaveText('Done')
    await expect(page).not.toHaveURL(new RegExp(id))
    expect((await get('/v1/datasets/late')).rows).toBe(40_000)
  })

  test('what is wrong with trying again stays with what is tried when another one fails', async ({ console: page, refusals }) => {
    refusals.push('422')
    await ingest('fails-first', '/nothing-is-here.csv')
    const refused = { code: 'SOURCE_REFUSED', title: 'The source refused', detail: 'Not this time.' }
    await page.route('**/v1/datasets/fails-first/ingests', (route) => route.fulfill({ status: 422, json: refused }))
    await page.goto('/#/ingests')
    const failed = (name) => page.getByRole('region', { name: 'Failed lately' }).locator('tbody tr').filter({ hasText: name })
    const again = failed('fails-first').getByRole('button', { name: 'Try again' })
    await again.click()
    await expect(failed('fails-first').getByRole('alert')).toContainText('Not this time.')
    await again.focus()

    await ingest('fails-second', '/nothing-is-here.csv')

    await expect(failed('fails-second')).toBeVisible()
    await expect(failed('fails-second').getByRole('alert')).toHaveCount(0)
    await expect(failed('fails-first').getByRole('alert')).toContainText('Not this time.')
    await expect(again).toBeFocused()
  })

  test('the queue shows what runs and where, what waits and what failed', async ({ console: page }) => {
    const ids = []
    for (const name of ['runs-1', 'runs-2', 'waits']) {
      ids.push((await ingest(name, '/slow.csv')).id)
    }
    await ingest('fails', '/nothing-is-here.csv')
    await page.goto('/')
    await page.getByRole('link', { name: 'Ingests' }).click()

    const running = page.getByRole('region', { name: 'Running' }).locator('tbody tr')
    await expect(running.filter({ hasText: 'runs-1' })).toBeVisible()
    await expect(running.filter({ hasText: 'runs-2' })).toBeVisible()
    const { worker } = await get(`/v1/ingests/${ids[0]}`)
    expect(worker).toBeTruthy()
    await expect(running.filter({ hasText: 'runs-1' })).toContainText(worker)
    await expect(page.getByRole('region', { name: 'Waiting' })).toContainText('waits')
    await expect.poll(() => figure(page, 'Fetched now')).toBe(2)
    for (const id of ids) {
      await cancel(id)
    }
    await expect(page.getByText('Nothing runs.')).toBeVisible()
    const failed = page.getByRole('region', { name: 'Failed lately' }).locator('tbody tr').filter({ has: page.getByRole('link', { name: 'fails', exact: true }) })
    await expect(failed).toContainText('SOURCE_REFUSED')
    await expect(failed.getByRole('button', { name: 'Try again' })).toBeVisible()
  })
})
