// Everybody can use it: by sight in light and dark and in a narrow window, by a screen reader, by the keyboard alone.

import axe from 'axe-core'
import { cancel, hurry, ingest, key, newKey, put } from './stage.mjs'
import { drop, expect, signIn, table, test } from './test.mjs'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong in a page as it is; axe is loaded once into each. */
async function violations(page, runOnly) {
  if (!(await page.evaluate('"axe" in window'))) {
    await page.evaluate(axe.source)
  }
  return page.evaluate(async (runOnly) => (await axe.run({ runOnly, resultTypes: ['violations'] })).violations, runOnly)
}

/** What axe finds wrong in a wide window and in a narrow one; and in the dark, where all but the colours is as in light. */
async function check(page, what) {
  const found = []
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    const { scrolls } = await page.evaluate(() => ({ scrolls: document.scrollingElement.scrollWidth - innerWidth }))
    if (scrolls > 0) {
      found.push(`${width} pixels: the page is ${scrolls} wider than its window`)
    }
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const rules = colorScheme === 'light' ? { type: 'tag', values: RULES } : { type: 'rule', values: OF_COLOURS }
      for (const { id, nodes } of await violations(page, rules)) {
        found.push(...nodes.map(({ html, failureSummary }) => `${width} ${colorScheme} ${id}: ${html.slice(0, 200)} ${failureSummary}`))
      }
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  expect(found, what).toEqual([])
}

const ready = (page) => expect(page.locator('.busy, [aria-busy=true]')).toHaveCount(0)

test.describe('accessibility', () => {
  test.describe.configure({ timeout: 60_000 })

  test.beforeAll(async () => {
    await put('read-by-all', `zip,fee,day,note\n00501,1.5,2026-01-01,"x, y"\n02134,,2026-01-02,\n03801,oops,2026-01-03,${'long '.repeat(60)}\n`, { types: 'fee:numeric' })
    await put('read-by-all', 'zip,fee,more\n00501,1.5,\n02134,2,z\n')
    await put('read-by-all', `zip,fee,day,note\n00501,1.5,2026-01-01,"x, y"\n02134,,2026-01-02,\n03801,oops,2026-01-03,${'long '.repeat(60)}\n`, { types: 'fee:numeric' })
  })

  test('nothing is wrong with signing in', async ({ page, refusals }) => {
    refusals.push('401')
    await page.goto('/')
    await expect(page.getByLabel('Key')).toBeVisible()
    await check(page, 'sign in')
    await page.getByLabel('Key').fill('sluice_wrong')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toBeVisible()
    await check(page, 'sign in, refused')
  })

  test('nothing is wrong with what a beginner sees', async ({ page, context }) => {
    await signIn(context, await newKey('an empty one', 'write', 'nothing-there'))
    await page.goto('/')
    await expect(page.getByText('Nothing here yet')).toBeVisible()
    await check(page, 'an empty list')
  })

  for (const [what, hash] of [
    ['the list', '#/datasets'],
    ['columns', '#/datasets/read-by-all/columns'],
    ['rows', '#/datasets/read-by-all/rows?zip=neq.1&order=zip.desc'],
    ['versions', '#/datasets/read-by-all/versions'],
    ['rejects', '#/datasets/read-by-all/rejects'],
    ['use and export', '#/datasets/read-by-all/use'],
    ['adding data', '#/new'],
  ]) {
    test(`nothing is wrong with ${what}`, async ({ console: page }) => {
      await page.goto(`/${hash}`)
      await expect(page.locator('h1')).toBeVisible()
      await ready(page)
      await check(page, what)
    })
  }

  test('nothing is wrong with the sessions', async ({ page, context, newBrowser }) => {
    const secret = await newKey('a key of two sessions', 'read')
    await signIn(await newBrowser(), secret)
    await signIn(context, secret)
    await page.goto('/#/session')
    await expect(page.getByRole('region', { name: 'Sessions of this key' })).toBeVisible()
    await check(page, 'the sessions')
  })

  test('nothing is wrong with a file that is looked into', async ({ console: page }) => {
    await page.goto('/#/new')
    await drop(page.getByText('Drop a CSV or TSV file here'), 'a.csv', table(20))
    await expect(page.getByRole('region', { name: 'The first rows' })).toBeVisible()
    await check(page, 'a preview')
  })

  test('nothing is wrong with what can be opened in rows', async ({ console: page }) => {
    await page.goto('/#/datasets/read-by-all/rows')
    await expect(page.getByText('3 rows', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Add filter' }).click()
    await page.getByText('As a request').click()
    await check(page, 'the form of a filter, and the request')
    await page.locator('[role=gridcell][aria-colindex="2"]').first().dblclick()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, 'a value')
  })

  test('nothing is wrong with asking before a version is restored', async ({ console: page }) => {
    await page.goto('/#/datasets/read-by-all/versions')
    await page.getByRole('button', { name: 'Restore version 1', exact: true }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check(page, 'restore')
  })

  test('nothing is wrong with ingests, running and ended', async ({ console: page }) => {
    const failed = await ingest('read-by-none', '/wrong.csv', { onBadRow: 'fail', types: 'id:bigint' })
    await page.goto(`/#/ingests/${failed.id}`)
    await expect(page.getByRole('alert')).toBeVisible()
    await check(page, 'an ingest that failed')
    await hurry(false)
    const running = await ingest('read-by-all-later', '/slow.csv')
    await page.goto(`/#/ingests/${running.id}`)
    await expect(page.locator('progress')).toBeVisible()
    await check(page, 'an ingest that runs')
    await page.goto('/#/ingests')
    await expect(page.getByRole('region', { name: 'Running' })).toBeVisible()
    await check(page, 'the queue')
    await cancel(running.id)
  })

  test('nothing is wrong with what is not there', async ({ console: page, refusals }) => {
    refusals.push('404')
    await page.goto('/#/datasets/not-there/columns')
    await expect(page.getByRole('alert')).toBeVisible()
    await check(page, 'a dataset that is not there')
  })

  test('a page whose files do not come says what to do', async ({ page, refusals }) => {
    refusals.push('ERR_FAILED', '401')
    await page.route('**/static/bundle/*.js', (route) => route.abort())
    await page.goto('/')
    await expect(page.getByRole('status')).toContainText('load the page again')
    await page.unroute('**/static/bundle/*.js')
    await page.reload()
    await expect(page.getByLabel('Key')).toBeVisible()
    await expect(page.getByText('load the page again')).toHaveCount(0)
  })

  test('the keyboard alone is enough', async ({ page, refusals }) => {
    refusals.push('401')
    await put('by-keyboard', table(300))
    const { keyboard } = page

    /** What has the focus, which must be seen. */
    const focused = async () => {
      const { name, isSeen } = await page.evaluate(() => {
        const element = document.activeElement
        const style = getComputedStyle(element)
        const { width, height } = element.getBoundingClientRect()
        const text = element.ariaLabel || element.labels?.[0]?.textContent || element.textContent
        const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
        return { name: text.trim().replace(/\s+/g, ' '), isSeen: element === document.body || element.matches('main') || (isMarked && width > 0 && height > 0) }
      })
      expect(isSeen, `the focus on ${name} is seen`).toBe(true)
      return name
    }
    const tabTo = async (name, key = 'Tab') => {
      for (let i = 0; i < 60; i++) {
        await keyboard.press(key)
        if (name.test(await focused())) {
          return
        }
      }
      throw new Error(`${name} is not reached`)
    }

    await page.goto('/')
    await expect(page.getByLabel('Key')).toBeVisible()
    await tabTo(/^Key/)
    await keyboard.type(key)
    await keyboard.press('Enter')
    await expect(page.getByRole('link', { name: 'by-keyboard', exact: true })).toBeVisible()
    await expect(page.locator('main')).toBeFocused()

    await tabTo(/^by-keyboard$/)
    await keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'by-keyboard', level: 1 })).toBeVisible()
    await expect(page.locator('main')).toBeFocused()
    await tabTo(/^Rows$/)
    await keyboard.press('Enter')
    await expect(page.getByText('300 rows')).toBeVisible()

    const active = () =>
      page.getByRole('grid').evaluate((grid) => document.getElementById(grid.getAttribute('aria-activedescendant'))?.textContent)
    await tabTo(/^Rows of by-keyboard/)
    await expect.poll(active).toBe('1')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowRight')
    await expect.poll(active).toBe('7')
    await keyboard.press('Control+End')
    await expect.poll(active).toBe('place 200') // of the first page of rows, all that is known
    await keyboard.press('Control+Home')
    await keyboard.press('ArrowRight')
    await keyboard.press('ArrowRight')
    await keyboard.press('ArrowUp')
    await expect.poll(active).toMatch(/^amount/)
    await keyboard.press('Enter')
    await keyboard.press('Enter')
    await expect(page.getByRole('columnheader', { name: /^amount/ })).toHaveAttribute('aria-sort', 'descending')
    await keyboard.press('ArrowDown')
    await expect.poll(active).toBe('99')

    await keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.locator('pre')).toHaveText('99')
    await keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole('grid')).toBeFocused()

    await tabTo(/^Add filter$/, 'Shift+Tab')
    await keyboard.press('Enter')
    await expect(page.getByRole('form', { name: 'Filter' }).getByLabel('Column')).toBeFocused()
    await keyboard.type('amount')
    await tabTo(/^Condition/)
    await keyboard.type('is at least')
    await tabTo(/^Value/)
    await keyboard.type('95')
    await keyboard.press('Enter')
    await expect(page.getByText('15 rows')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Add filter' })).toBeFocused()
  })
})
