// Makes a picture of each view of the console, in light and in dark; see bench/screenshots.
//
//   node screenshots.mjs URL KEY TABLES DIRECTORY

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium as browsers } from '@playwright/test'
import { chromium } from './chromium.mjs'

const [url, key, tables, directory] = process.argv.slice(2)
const VIEWPORT = { width: 1280, height: 800 }

const headers = { Authorization: `Bearer ${key}` }

async function call(method, path, body, type = 'application/json') {
  const response = await fetch(url + path, { method, body, headers: { ...headers, 'Content-Type': type } })
  const text = await response.text()
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`)
  }
  return text ? JSON.parse(text) : null
}

const file = (name) => readFile(join(tables, name))

async function load(dataset, content, title, options = '') {
  await call('PUT', `/v1/datasets/${dataset}${options}`, content, 'application/octet-stream')
  await call('PATCH', `/v1/datasets/${dataset}`, JSON.stringify(title), 'application/merge-patch+json')
}

async function ended(id) {
  for (;;) {
    const ingest = await call('GET', `/v1/ingests/${id}`)
    if (ingest.finishedAt !== null) {
      return id
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** A source on the web: a table at once, and one that goes on for ever. */
async function source() {
  const species = await file('species.csv')
  const server = createServer((request, response) => {
    if (request.url === '/airports.csv') {
      file('airports.csv').then((content) => response.end(content))
    } else if (request.url === '/species.csv') {
      response.setHeader('Content-Length', species.length)
      let at = 0
      const timer = setInterval(() => {
        response.write(species.subarray(at, (at += 12_000)))
      }, 1000)
      response.write(species.subarray(0, (at += 400_000)))
      response.on('close', () => clearInterval(timer))
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function prepare(server) {
  const fetched = async (dataset, path, options = {}) => {
    const asked = { url: `http://127.0.0.1:${server.address().port}${path}`, options }
    return (await call('POST', `/v1/datasets/${dataset}/ingests`, JSON.stringify(asked))).id
  }
  await load('birdstrikes', await file('birdstrikes.csv'), { title: 'Bird strikes on aircraft, 1990 to 2002' })
  await load('unemployment', await file('unemployment.tsv'), { title: 'Unemployment by county' })
  await load('flights', await file('flights-airport.csv'), { title: 'Flights between airports, 2008' })
  const weather = String(await file('seattle-weather.csv')).split('\n')
  const half = weather.slice(0, 733).map((line) => line.split(',').slice(0, 5).join(','))
  half.splice(200, 0, '2012-07-18,0.0,n/a,12.2,3.1', '2012-07-19,trace,23.3')
  const title = { title: 'Daily weather in Seattle', description: 'Precipitation in millimetres, temperatures in °C, wind in m/s.' }
  await load('seattle-weather', half.join('\n'), title, '?types=temp_max:numeric')
  await load('seattle-weather', weather.join('\n'), title)
  await load('zipcodes', await file('zipcodes.csv'), { title: 'Post offices of the United States and their ZIP codes' })
  const failed = await ended(await fetched('airports', '/airports.csv', { types: 'iata:bigint', onBadRow: 'fail' }))
  await ended(await fetched('airports', '/airports.csv'))
  const running = await fetched('species', '/species.csv')
  return { failed, running }
}

/** What is to be seen, and where; what is done there first. */
const views = ({ failed, running }) => ({
  datasets: ['#/datasets'],
  columns: ['#/datasets/seattle-weather/columns', (page) => page.getByRole('img', { name: /^Histogram/ }).first().waitFor()],
  rows: ['#/datasets/zipcodes/rows?state=in.(NY,NJ)&order=city.asc', (page) => page.getByRole('gridcell').first().waitFor()],
  versions: ['#/datasets/seattle-weather/versions', (page) => page.getByText('What changed').waitFor()],
  rejects: ['#/datasets/seattle-weather/rejects?version=1', (page) => page.getByRole('region', { name: 'Rejects' }).waitFor()],
  use: ['#/datasets/zipcodes/use'],
  add: ['#/new', addFile],
  ingest: [`#/ingests/${running}`, (page) => page.getByText('of 1.03 MB').waitFor()],
  failure: [`#/ingests/${failed}`, (page) => page.getByRole('alert').waitFor()],
  ingests: ['#/ingests', (page) => page.getByRole('region', { name: 'Running' }).waitFor()],
  session: ['#/session', (page) => page.getByRole('region', { name: 'Sessions of this key' }).waitFor()],
})

async function addFile(page) {
  await page.getByLabel('Drop a CSV or TSV file here').setInputFiles(join(tables, 'zipcodes.csv'))
  await page.getByRole('region', { name: 'The first rows' }).waitFor()
}

const server = await source()
const browser = await browsers.launch(chromium)
try {
  const prepared = await prepare(server)
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ baseURL: url, viewport: VIEWPORT, colorScheme, locale: 'en-GB', timezoneId: 'UTC' })
    const page = await context.newPage()
    const take = async (view) => {
      await page.locator('.busy').first().waitFor({ state: 'detached' })
      await page.screenshot({ path: join(directory, `console-${view}-${colorScheme}.png`), caret: 'initial' })
    }
    await page.goto('/')
    await page.getByLabel('Key').waitFor()
    await take('sign-in')
    await context.request.post('/v1/sessions', { data: { key } })
    for (const [view, [hash, arrive]] of Object.entries(views(prepared))) {
      await page.goto('about:blank')
      await page.goto(`/${hash}`)
      await page.locator('h1').waitFor()
      await arrive?.(page)
      await take(view)
    }
    await context.close()
  }
  await call('DELETE', `/v1/ingests/${prepared.running}`)
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}
