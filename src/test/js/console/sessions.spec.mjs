import { key, killTheProcessThatHas, newKey, put, tlsUrl } from './stage.mjs'
import { expect, fillIn, signIn, table, test } from './test.mjs'

const LOST = ['ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE']

test.describe('sessions', () => {
  test.use({ refusals: async ({}, use) => use(['401', ...LOST]) })

  test('a wrong key is refused, a right one is taken, and whoever signs out has to sign in', async ({ page }) => {
    await page.goto('/')
    await expect(page).toHaveTitle('Sign in · Sluice')
    await fillIn(page, 'sluice_none_at_all')

    await expect(page.getByRole('alert')).toContainText('KEY_INVALID')

    await fillIn(page, key)
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()

    await page.getByRole('link', { name: /^Session:/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    expect(await page.context().cookies()).toEqual([])
  })

  test('no script of the page can read what a session is known by', async ({ page, context }) => {
    await signIn(context, key)
    await page.goto('/')
    await expect(page.getByRole('heading', { name: 'Datasets' })).toBeVisible()

    const kept = await page.evaluate(() => [document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)])

    expect(kept).toEqual([''])
  })

  test('by TLS a browser keeps the cookie for its host alone and sends it', async ({ newBrowser }) => {
    const context = await newBrowser({ ignoreHTTPSErrors: true, baseURL: tlsUrl })
    const page = await context.newPage()
    await page.goto('/')
    const statuses = await page.evaluate(async (secret) => {
      const json = { 'Content-Type': 'application/json' }
      const signIn = await fetch('/v1/sessions', { method: 'POST', headers: json, body: JSON.stringify({ key: secret }) })
      return [signIn.status, (await fetch('/v1/sessions/current')).status]
    }, key)

    expect(statuses).toEqual([201, 200])
    expect(await context.cookies()).toMatchObject([
      { name: '__Host-sluice_session', secure: true, httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' },
    ])
    const signOut = await page.evaluate(async () => (await fetch('/v1/sessions/current', { method: 'DELETE' })).status)
    expect(signOut).toBe(204)
    expect(await context.cookies()).toEqual([])
  })

  test('without TLS, on this machine, the cookie is one that any browser keeps', async ({ context }) => {
    await signIn(context, key)

    expect(await context.cookies()).toMatchObject([
      { name: 'sluice_session', secure: false, httpOnly: true, sameSite: 'Lax', path: '/' },
    ])
  })

  test('a session is seen from another browser and ended there', async ({ newBrowser }) => {
    const secret = await newKey('two browsers', 'read')
    const here = await newBrowser()
    const there = await newBrowser({ userAgent: 'Elsewhere/1.0' })
    await signIn(here, secret)
    await signIn(there, secret)
    const page = await here.newPage()
    const other = await there.newPage()
    await other.goto('/')
    await expect(other.getByRole('heading', { name: 'Datasets' })).toBeVisible()

    await page.goto('/#/session')
    const sessions = page.getByRole('region', { name: 'Sessions of this key' }).locator('tbody tr')
    await expect(sessions).toHaveCount(2)
    await sessions.filter({ hasText: 'Elsewhere/1.0' }).getByRole('button', { name: /^End/ }).click()
    await expect(sessions).toHaveCount(1)
    await expect(page.getByRole('heading', { name: 'Sessions of this key' })).toBeFocused()

    await other.getByRole('link', { name: 'Ingests' }).click()
    await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.reload()
    await expect(sessions).toHaveCount(1)
  })

  test('a session goes on when a process is killed, and its place is there in another window', async ({ newBrowser }) => {
    await put('followed', table(300))
    const context = await newBrowser()
    await signIn(context, key)
    const page = await context.newPage()
    await page.goto('/')
    await page.getByRole('link', { name: 'followed', exact: true }).click()
    await killTheProcessThatHas('')
    await page.getByRole('link', { name: 'Rows' }).click()
    await page.getByRole('button', { name: 'Add filter' }).click()
    const form = page.getByRole('form', { name: 'Filter' })
    await form.getByLabel('Column').selectOption('amount')
    await form.getByLabel('Condition').selectOption('is at least')
    await form.getByLabel('Value').fill('90')
    const kept = page.waitForRequest((r) => r.method() === 'PUT' && r.postData().includes('amount=gte.90'))
    await form.getByRole('button', { name: 'Apply' }).click()
    await (await (await kept).response()).finished()

    const another = await newBrowser({ storageState: await context.storageState() })
    const window = await another.newPage()
    await window.goto('/')

    await expect(window).toHaveURL(/#\/datasets\/followed\/rows\?amount=gte\.90$/)
    await expect(window.getByText('30 rows')).toBeVisible()
  })

  test('an address that was sent is where a session goes on too', async ({ newBrowser }) => {
    await put('sent', table(3))
    const context = await newBrowser()
    await signIn(context, key)
    const page = await context.newPage()
    const kept = page.waitForRequest((r) => r.method() === 'PUT' && r.postData().includes('datasets/sent/rows'))
    await page.goto('/#/datasets/sent/rows')
    await expect(page).toHaveTitle('sent · Sluice')
    await (await (await kept).response()).finished()

    const window = await context.newPage()
    await window.goto('/')

    await expect(window).toHaveURL(/#\/datasets\/sent\/rows$/)
  })

  test('whoever may only read is offered nothing else', async ({ page, context }) => {
    await put('only-read', table(3))
    await signIn(context, await newKey('a reader', 'read'))
    await page.goto('/')

    await expect(page.getByRole('link', { name: 'only-read', exact: true })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Add data' })).toHaveCount(0)
  })
})
