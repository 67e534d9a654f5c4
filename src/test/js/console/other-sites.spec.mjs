// Where no key is asked for, a page of another site that is open in the same browser must reach nothing.

import { createServer } from 'node:http'
import { openUrl } from './stage.mjs'
import { expect, test } from './test.mjs'

/** In the page of another site: tries whatever a page can, and tells what it came to know. */
async function attack(url) {
  const told = {}
  const attempt = async (name, work) => {
    told[name] = await work().catch((e) => `refused: ${e.name}`)
  }
  const text = (path, init) => async () => (await fetch(url + path, init)).text()
  const sent = (path, init) => async () => (await fetch(url + path, init)).type
  await attempt('reads', text('/v1/datasets'))
  await attempt('reads rows', text('/rest/v1/secret'))
  await attempt('reads with cookies', text('/v1/datasets', { credentials: 'include' }))
  await attempt('reads without cors', async () => (await fetch(`${url}/rest/v1/secret`, { mode: 'no-cors' })).text())
  await attempt('puts', text('/v1/datasets/planted', { method: 'PUT', body: 'a\n1\n' }))
  await attempt('deletes', text('/v1/datasets/secret', { method: 'DELETE' }))
  const planted = JSON.stringify({ url: 'http://127.0.0.1:1/planted.csv' })
  await attempt('posts', text('/v1/datasets/planted/ingests', { method: 'POST', body: planted }))
  await attempt('posts as a form does', sent('/v1/datasets/planted/ingests', { method: 'POST', mode: 'no-cors', body: planted }))
  await attempt('posts a key', sent('/v1/keys', { method: 'POST', mode: 'no-cors', body: '{"name":"planted","scopes":["admin"]}' }))

  const loaded = (tag, attributes) => () =>
    new Promise((resolve) => {
      const element = Object.assign(document.createElement(tag), attributes)
      element.onload = () => resolve('loaded')
      element.onerror = () => resolve('refused')
      document.body.append(element)
    })
  await attempt('loads rows as a script', loaded('script', { src: `${url}/rest/v1/secret` }))
  await attempt('loads the script of the console', loaded('script', { src: `${url}/v1/datasets`, type: 'module' }))
  await attempt('loads an image', loaded('img', { src: `${url}/rest/v1/secret` }))
  await attempt('frames', async () => {
    await loaded('iframe', { src: `${url}/v1/datasets`, name: 'frame' })()
    return frames.frame.document.body.innerText // throws unless it is of the same origin
  })
  return told
}

/** In the page of another site: a form, which any page may send anywhere. */
function sendForm(action) {
  const form = Object.assign(document.createElement('form'), { method: 'POST', action })
  document.body.append(form)
  form.submit()
}

const state = async () => {
  const answers = await Promise.all(['/v1/datasets', '/v1/ingests', '/v1/keys'].map((path) => fetch(openUrl + path)))
  return Promise.all(answers.map((answer) => answer.text()))
}

test.describe('another site', () => {
  let server
  test.beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>Another site</title>'))
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    await fetch(`${openUrl}/v1/datasets/secret`, { method: 'PUT', body: 'word\nswordfish\n' })
  })
  test.afterAll(() => server.close())

  // the first is another site, the second another origin of the same one
  for (const host of ['localhost', '127.0.0.1']) {
    test(`a page at ${host} can neither read nor change anything where no key is asked for`, async ({ browser }) => {
      const before = await state()
      expect(before.join()).toContain('secret')
      const page = await browser.newPage()
      await page.goto(`http://${host}:${server.address().port}/`)

      const told = await page.evaluate(attack, openUrl)

      expect(JSON.stringify(told)).not.toMatch(/swordfish|"name"/)
      expect(Object.entries(told).filter(([, said]) => !/^refused/.test(said) && said !== 'opaque')).toEqual([])
      await page.evaluate(sendForm, `${openUrl}/v1/datasets/secret/versions/1/restore`)
      await expect(page.locator('body')).toContainText('ORIGIN_REFUSED')
      expect(await state()).toEqual(before)
      await page.close()
    })
  }

  test.use({ refusals: async ({}, use) => use(['401']) }) // so it knows that nobody has signed in

  test('its own page can do both there, and asks for no key', async ({ page }) => {
    await page.goto(openUrl)
    await expect(page.getByRole('link', { name: 'secret', exact: true })).toBeVisible()

    const status = await page.evaluate(async () => (await fetch('/v1/datasets/own', { method: 'PUT', body: 'a\n1\n' })).status)

    expect([200, 201]).toContain(status)
  })
})
