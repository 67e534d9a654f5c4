// The service as programs use it, to prepare what a person finds; and what is done to it behind the person's back.
//
//   SLUICE_URL       the service, which wants a key
//   SLUICE_KEY       that may everything
//   SLUICE_OPEN_URL  a process that wants none
//   SLUICE_TLS_URL   that process by TLS, with a certificate that no authority signed
//   SLUICE_SOURCE    a source on the web; its paths are in Stage.java
//   SLUICE_ORDERS    does what only Stage.java can do

import { strict as assert } from 'node:assert'

export const { SLUICE_URL: url, SLUICE_KEY: key, SLUICE_OPEN_URL: openUrl, SLUICE_TLS_URL: tlsUrl, SLUICE_SOURCE: source } = process.env

async function call(method, path, { body, headers = {}, secret = key } = {}) {
  const response = await fetch(url + path, {
    method,
    body,
    headers: { Authorization: `Bearer ${secret}`, Connection: 'close', ...headers },
  })
  const text = await response.text()
  assert(response.ok, `${method} ${path}: ${response.status} ${text}`)
  return text
}

export const get = async (path) => JSON.parse(await call('GET', path))

/** Uploads a version. */
export async function put(dataset, body, options = {}) {
  const path = `/v1/datasets/${dataset}?${new URLSearchParams(options)}`
  return JSON.parse(await call('PUT', path, { body, headers: { 'Content-Type': 'application/octet-stream' } }))
}

const json = { 'Content-Type': 'application/json' }

export async function describe(dataset, description) {
  const headers = { 'Content-Type': 'application/merge-patch+json' }
  await call('PATCH', `/v1/datasets/${dataset}`, { body: JSON.stringify(description), headers })
}

/** Asks for an ingest of a path of the source. */
export async function ingest(dataset, path, options = {}) {
  const body = JSON.stringify({ url: source + path, options })
  return JSON.parse(await call('POST', `/v1/datasets/${dataset}/ingests`, { body, headers: json }))
}

export const cancel = (id) => call('DELETE', `/v1/ingests/${id}`)

/** The secret of a new key. */
export async function newKey(name, scope, ...datasets) {
  const body = JSON.stringify({ name, scopes: [scope], ...(datasets.length > 0 ? { datasets } : {}) })
  return JSON.parse(await call('POST', '/v1/keys', { body, headers: json })).key
}

/** Has something done that only Stage.java can do; it is done when this is. */
async function order(path, body) {
  const response = await fetch(process.env.SLUICE_ORDERS + path, { method: 'POST', body })
  assert.equal(response.status, 204, `${path} ${body}`)
}

/** Kills the process that has a request which begins so; any if that is empty. */
export const killTheProcessThatHas = (request) => order('/kill', request)

/** The same, and tells it to end, as an update does. */
export const stopTheProcessThatHas = (request) => order('/stop', request)

/** Whether what comes slowly from the source comes at once from now on. */
export const hurry = (isHurried) => order('/hurry', String(isHurried))

/** Is done when as many processes are there as at the beginning. */
export const allAreThere = () => order('/wait')
