// The REST API as the console uses it. What is read is tried again at another process when one is gone; what is changed is
// tried again only with an Idempotency-Key.

export type Scope = 'read' | 'write' | 'admin'
export type IngestState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unchanged'

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Source {
  kind: 'upload' | 'url'
  url?: string
}

export interface DatasetItem {
  name: string
  title: string | null
  version: number
  rows: number
  bytes: number
  rejects: number
  createdAt: string
  changedAt: string
}

export interface RuledOut {
  type: string
  row: number
  value: string
  reason?: string
}

export interface Column {
  name: string
  label: string
  type: string
  format: string | null
  nullToken: string | null
  nullable: boolean
  nulls: number
  min: string | null
  max: string | null
  ruledOut: RuledOut[]
  index: 'building' | 'ready' | 'failed' | 'dropping' | null
}

export interface Dialect {
  delimiter: string
  quote: string | null
  escape: string | null
  header: boolean
}

export interface Dataset {
  name: string
  title: string | null
  description: string | null
  keepVersions: number | null
  version: number
  rows: number
  bytes: number
  sha256: string
  rejects: number
  format: string
  encoding: string
  dialect: Dialect
  columns: Column[]
  source: Source
  createdAt: string
  durationMs: number
}

export interface VersionItem {
  version: number
  rows: number
  bytes: number
  sha256: string
  rejects: number
  source: Source
  createdAt: string
  durationMs: number
  supersededAt: string | null
}

export interface Reject {
  row: number
  column: string | null
  raw: string
  reason: string
  hides?: number
}

/** A value as the API wrote it: numbers are kept as their digits, which a double may not hold. */
export type Value = string | boolean | null | Value[] | { [name: string]: Value }

export interface ColumnProfile {
  name: string
  type: string
  count: number
  nulls: number
  distinct: number
  min: Value
  max: Value
  mean: Value
  stddev: number | null
  quantiles: Record<string, Value> | null
  histogram: { edges: Value[]; counts: number[] } | null
  top: { value: Value; count: number }[]
  text: {
    minLength: number
    meanLength: number
    maxLength: number
    empty: number
    leadingWhitespace: number
    trailingWhitespace: number
  } | null
  estimates: { distinct?: { atLeast: number; atMost: number }; quantiles?: number; top?: number }
}

export interface Profile {
  version: number
  rows: number
  columns: ColumnProfile[]
}

export interface IngestProblem {
  code: string
  title?: string | null
  detail: string
  row?: number | null
  byte?: number | null
  column?: string | null
  raw?: string | null
}

export interface Ingest {
  id: string
  dataset: string
  state: IngestState
  attempt: number
  worker: string | null
  source: Source
  /** As whoever asked for it gave them; of an upload none. */
  options: Record<string, string>
  progress: { bytes: number; totalBytes: number | null; rows: number }
  version: number | null
  problem: IngestProblem | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

export interface Progress {
  bytes: number
  totalBytes: number | null
  rows: number
  bytesPerSecond: number
  secondsLeft: number | null
  stage: 'receiving' | 'loading' | 'publishing'
}

export interface Queue {
  waiting: number
  oldestDueSeconds: number
  running: number
}

/** What a load would make of the beginning of a file. */
export interface Sample {
  format: string
  encoding: string
  dialect: Dialect
  columns: Pick<Column, 'name' | 'label' | 'type' | 'format' | 'nullToken' | 'ruledOut'>[]
  rows: (string | null)[][]
  rejects: Reject[]
}

export interface Session {
  id: string
  current: boolean
  key: string
  name: string
  scopes: Scope[]
  datasets: string[]
  createdAt: string
  lastSeenAt: string
  expiresAt: string
  userAgent: string | null
}

/** An answer that is none, as a problem document (RFC 9457) says it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly problem: IngestProblem,
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail)
  }

  static readonly UNREACHABLE = 'UNREACHABLE'

  static unreachable(): Problem {
    return new Problem(0, {
      code: Problem.UNREACHABLE,
      title: 'No process answers',
      detail: 'The connection broke off. Whatever was stored is stored.',
    })
  }

  static of(status: number, body: string, retryAfter: string | null): Problem {
    const seconds = retryAfter === null ? NaN : Number(retryAfter)
    return new Problem(status, parsedProblem(status, body), Number.isFinite(seconds) ? seconds : null)
  }

  /** Whether another process, or the same one later, may answer otherwise. */
  get isPassing(): boolean {
    return [0, 502, 503, 504].includes(this.status) && this.problem.code !== 'QUERY_TOO_SLOW'
  }
}

function parsedProblem(status: number, body: string): IngestProblem {
  try {
    const said = JSON.parse(body)
    if (typeof said.detail === 'string' || typeof said.title === 'string') {
      // an error of the reading dialect has PostgREST's code, and ours beside it
      return { ...said, code: said.problem ?? said.code, detail: said.detail ?? said.message ?? '' }
    }
    if (typeof said.message === 'string') {
      return { code: said.code, detail: said.message }
    }
  } catch {
    // whoever answered is none of our processes: what it says is not for people
  }
  return { code: `HTTP_${status}`, title: `Status ${status}`, detail: 'The answer is none of this service.' }
}

/** Called when the session has ended, so that somebody may sign in. */
export const signedOut = new EventTarget()

const PATIENCE_MS = [200, 500, 1000, 2000, 4000, 4000]

/** No answer to what is asked here takes longer, unless its process is frozen. */
const LIMIT_MS = 60_000

export const pause = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

async function once(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  const limit = AbortSignal.timeout(LIMIT_MS)
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, signal })
  } catch (e) {
    if (init.signal?.aborted) {
      throw e
    }
    throw Problem.unreachable()
  }
  if (response.ok) {
    return response
  }
  const body = await response.text().catch(() => '')
  const problem = Problem.of(response.status, body, response.headers.get('Retry-After'))
  if (response.status === 401 && path !== '/v1/sessions') {
    signedOut.dispatchEvent(new Event('signedout'))
  }
  throw problem
}

/** Does it until it is done or what is wrong will not pass by itself. */
export async function patiently<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const wait of PATIENCE_MS) {
    try {
      return await attempt()
    } catch (e) {
      if (!(e instanceof Problem && e.isPassing)) {
        throw e
      }
      await pause(e.retryAfter === null ? wait : Math.min(e.retryAfter * 1000, PATIENCE_MS.at(-1)!), signal)
    }
  }
  return attempt()
}

/** An answer, read as a whole, as JSON. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return patiently(async () => parsed<T>(await text(await once(path, signal ? { signal } : {}))), signal)
}

async function text(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch {
    throw Problem.unreachable()
  }
}

function parsed<T>(json: string): T {
  return json === '' ? (undefined as T) : (JSON.parse(json) as T)
}

export interface Rows {
  rows: { [column: string]: Value }[]
  /** Where the page behind this one is. */
  next: string | null
  /** How many there are, or about how many; null if nobody counted. */
  total: number | null
}

/** A page of rows. */
export async function readRows(path: string, prefer: string | null, signal: AbortSignal): Promise<Rows> {
  return patiently(async () => {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (prefer) {
      headers.Prefer = prefer
    }
    const response = await once(path, { headers, signal })
    const link = /<([^>]*)>;\s*rel="next"/.exec(response.headers.get('Link') ?? '')
    const total = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')
    return {
      rows: parsedExactly<{ [column: string]: Value }[]>(await text(response)),
      next: link?.[1] ?? null,
      total: total ? Number(total[1]) : null,
    }
  }, signal)
}

/** JSON whose numbers are their own texts, where the browser gives them (ECMAScript's JSON.parse source text access). */
export function parsedExactly<T>(json: string): T {
  const exact = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value
  return JSON.parse(json, exact as (key: string, value: unknown) => unknown) as T
}

/** The profile of a version: counts are numbers, values of the table are exact. */
export async function readProfile(name: string, version: number, signal?: AbortSignal): Promise<Profile> {
  const path = `/v1/datasets/${encodeURIComponent(name)}/versions/${version}/profile`
  const json = await patiently(async () => text(await once(path, signal ? { signal } : {})), signal)
  const profile = JSON.parse(json) as Profile
  const exact = parsedExactly<Profile>(json)
  profile.columns.forEach((column, i) => {
    const values = exact.columns[i]!
    column.min = values.min
    column.max = values.max
    column.mean = values.mean
    column.quantiles = values.quantiles
    column.top.forEach((top, t) => (top.value = values.top[t]!.value))
    if (column.histogram) {
      column.histogram.edges = values.histogram!.edges
    }
  })
  return profile
}

export interface Change {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
}

/** Changes something, once: if nobody answers it is not known whether it was done. */
export async function change<T>(path: string, { method, body, headers = {} }: Change): Promise<T> {
  const response = await once(path, withBody(method, body, headers))
  return parsed<T>(await text(response))
}

/** Changes something that may be asked for again: it is done once. */
export async function changeOnce<T>(path: string, asked: Change): Promise<T> {
  return patiently(() => change<T>(path, asked))
}

function withBody(method: string, body: unknown, headers: Record<string, string>): RequestInit {
  return body === undefined
    ? { method, headers }
    : { method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

/** A name for a change, so that it is done once however often it is asked for. */
export const idempotencyKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What a load would make of a file, by its beginning. */
export async function sample(file: Blob, options: URLSearchParams, signal: AbortSignal): Promise<Sample> {
  const bytes = file.slice(0, SAMPLE_BYTES)
  const asked = new URLSearchParams(options)
  asked.set('complete', String(bytes.size === file.size))
  return patiently(async () => {
    const headers = { 'Content-Type': 'application/octet-stream' }
    const response = await once(`/v1/samples?${asked}`, { method: 'POST', body: bytes, headers, signal }).catch(
      async (e: unknown) => {
        await readable(file)
        throw e
      },
    )
    return parsed<Sample>(await text(response))
  }, signal)
}

const SAMPLE_BYTES = 256 * 1024

/** A browser tells a file that cannot be read from a connection that breaks off only where it is asked to read it. */
export async function readable(file: Blob): Promise<void> {
  await file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => {
      throw new Problem(400, {
        code: 'FILE_UNREADABLE',
        title: 'The file cannot be read',
        detail: 'It is a folder, or was changed or moved since it was chosen.',
      })
    })
}

export const datasetPath = (name: string, rest = '') => `/v1/datasets/${encodeURIComponent(name)}${rest}`
