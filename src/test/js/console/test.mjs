// Tests of the console: a browser that is watched, and somebody who has signed in.

import { expect, test as base } from '@playwright/test'
import { allAreThere, key, openUrl, tlsUrl, url } from './stage.mjs'

export { expect }

/** What a browser does that is seen on no page. */
class Watch {
  requests = []
  wrong = []

  constructor(context) {
    context.on('request', (request) => this.requested(request.url()))
    context.on('console', (message) => this.said(message))
    context.on('weberror', (error) => this.wrong.push(`thrown: ${error.error().stack}`))
    context.on('dialog', (dialog) => {
      this.wrong.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  requested(address) {
    if (!/^(data:|blob:|about:)/.test(address) && ![url, openUrl, tlsUrl].includes(new URL(address).origin)) {
      this.wrong.push(`request to another origin: ${address}`)
    }
  }

  said(message) {
    const refused = /status of (\d+)|net::(ERR_\w+)/.exec(message.text())
    if (refused) {
      this.requests.push(refused[1] ?? refused[2])
    } else if (['error', 'warning'].includes(message.type())) {
      this.wrong.push(`${message.type()}: ${message.text()}`)
    }
  }
}

/** In the page: what the policy refused is told, as a fault. */
function tellViolations() {
  addEventListener('securitypolicyviolation', (e) => console.error(`refused by policy: ${e.violatedDirective} ${e.sample}`))
}

export const test = base.extend({
  /** Statuses, and errors of the network, that browsers are to meet in a test: no others, which are faults. */
  refusals: async ({}, use) => use([]),

  /** Makes a browser window that shares nothing with the others; options as of a context. */
  newBrowser: async ({ browser, refusals, contextOptions, baseURL, locale, timezoneId, viewport }, use) => {
    const all = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL, locale, timezoneId, viewport, ...options })
      await context.addInitScript(tellViolations)
      all.push([context, new Watch(context)])
      return context
    })
    for (const [context, watch] of all) {
      await context.close()
      expect(watch.wrong, 'what a browser found wrong').toEqual([])
      expect([...new Set(watch.requests)].filter((refusal) => !refusals.includes(refusal))).toEqual([])
    }
  },

  /** Whose process was killed is seen by its own test alone. */
  after: [
    async ({}, use) => {
      await use()
      await allAreThere()
    },
    { auto: true },
  ],

  context: async ({ newBrowser }, use) => use(await newBrowser()),

  /** A page of somebody who may everything. */
  console: async ({ context, page }, use) => {
    await signIn(context, key)
    await use(page)
  },
})

/** Begins a session in a browser, without the form. */
export async function signIn(context, secret) {
  const response = await context.request.post('/v1/sessions', { data: { key: secret } })
  expect(response.status()).toBe(201)
}

/** Fills in the form. */
export async function fillIn(page, secret) {
  await page.getByLabel('Key').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Drops a file on something, as one does from another window. */
export async function drop(target, name, content) {
  const dataTransfer = await target.page().evaluateHandle(
    ([name, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], name, { type: 'text/csv' }))
      return transfer
    },
    [name, content],
  )
  await target.dispatchEvent('drop', { dataTransfer })
}

/** A table of its own: columns id, amount, label. */
export const table = (rows) =>
  ['id,amount,label', ...Array.from({ length: rows }, (_, i) => `${i + 1},${(i * 7) % 100},place ${i + 1}`), ''].join('\n')
