// Opens in Chromium what dev mode has for people: Dev UI, Swagger UI and the console; see bench/dev-ui.
//
//   node dev-ui.mjs URL
//
// Fails unless each page shows what it is for, and the browser's log has no violation of a Content-Security-Policy.

import { chromium as browsers } from '@playwright/test'
import { chromium } from './chromium.mjs'

const [url] = process.argv.slice(2)
const PATIENCE_MS = 60_000
const LONGEST = 160

/** Where each page is, and what is in it once it has drawn itself. */
const PAGES = {
  'Dev UI': ['/q/dev-ui', (page) => page.locator('qwc-extension').filter({ hasText: 'Hibernate ORM' })],
  'Swagger UI': ['/q/swagger-ui', (page) => page.locator('.opblock').filter({ hasText: '/v1/datasets/{name}/profile' })],
  console: ['/', (page) => page.getByRole('heading', { name: 'Datasets' })],
}

/** What a page was sent with, and what is wrong with it: nothing if that is empty. */
async function look(context, path, content) {
  const page = await context.newPage()
  const log = []
  page.on('console', (message) => log.push(message.text()))
  const answer = await page.goto(url + path)
  const shown = await content(page).first().waitFor({ timeout: PATIENCE_MS }).then(() => true, () => false)
  const violations = log.filter((line) => line.includes('Content Security Policy')).map((line) => line.slice(0, LONGEST))
  await page.close()
  return {
    policy: answer.headers()['content-security-policy'] ?? 'none',
    faults: [...(shown ? [] : ['it does not show its content']), ...violations],
  }
}

const browser = await browsers.launch(chromium)
try {
  const context = await browser.newContext()
  for (const [name, [path, content]] of Object.entries(PAGES)) {
    const { policy, faults } = await look(context, path, content)
    console.log(`${name}: ${faults.length === 0 ? 'shown' : 'faulty'}; Content-Security-Policy: ${policy}`)
    faults.forEach((fault) => console.log(`  ${fault}`))
    process.exitCode ||= faults.length > 0 ? 1 : 0
  }
} finally {
  await browser.close()
}
