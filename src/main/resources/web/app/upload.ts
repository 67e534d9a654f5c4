// A file that is sent, whatever is looked at meanwhile and whichever process dies.

import {
  changeOnce,
  datasetPath,
  idempotencyKey,
  patiently,
  pause,
  Problem,
  read,
  readable,
  type Dataset,
  type Ingest,
  type Page,
} from './api'

/** What is wrong with the connection or the process, and not with the file. */
const LOST = ['PROCESS_LOST', 'BODY_INCOMPLETE', 'DATABASE_UNAVAILABLE', 'DRAINING', 'UPLOADS_BUSY']

/** By then it is known that a process is lost, unless the operator has made leases longer. */
const LEASE_MS = 90_000
const ENDED_MS = 1000

const LOOK_MS = { first: 300, longest: 3000 }

/** A session ends when it is not used, and sending is no use of it after its beginning. */
const USE_MS = 60_000

/** It is sent again if its process is lost; the key keeps it from being stored twice. */
export class Upload {
  sent = 0
  /** The id of the ingest that it is, once that is known; it is another one when it is sent again. */
  ingest: string | null = null
  private request: XMLHttpRequest | null = null
  private readonly key = idempotencyKey()
  private readonly before = new Set<string>()
  private cancelled = false
  private isOver = false
  /** Times in a row, since it is not known yet that its process is lost. */
  private refused = 0

  constructor(
    readonly dataset: string,
    readonly file: Blob,
    private readonly options: URLSearchParams,
    private readonly onChange: () => void,
  ) {}

  /** Sends it until it is stored or refused. */
  async run(): Promise<Dataset> {
    const use = setInterval(() => void this.find().catch(() => {}), USE_MS)
    try {
      ;(await this.running()).forEach(({ id }) => this.before.add(id))
      void this.follow()
      return await this.send()
    } finally {
      this.isOver = true
      clearInterval(use)
    }
  }

  private async send(): Promise<Dataset> {
    for (;;) {
      try {
        return await patiently(() => this.attempt().catch((e: unknown) => this.outcome(e)))
      } catch (e) {
        const isRunning = e instanceof Problem && e.problem.code === 'IDEMPOTENCY_RUNNING'
        if (!isRunning || this.refused++ > LEASE_MS / ENDED_MS) {
          throw e
        }
        await pause(ENDED_MS)
      }
    }
  }

  /** Who is refused while it still sends may see its connection end before the answer: then the ingest says what became of it. */
  private async outcome(e: unknown): Promise<Dataset> {
    if (!(e instanceof Problem && e.isPassing)) {
      throw e
    }
    if (this.ingest === null) {
      await readable(this.file)
      throw e
    }
    const { state, problem } = await this.ended(this.ingest)
    switch (state) {
      case 'succeeded':
      case 'unchanged':
        return read<Dataset>(datasetPath(this.dataset))
      case 'cancelled':
        throw this.stopped()
      default:
        throw problem && !LOST.includes(problem.code) ? new Problem(422, problem) : e
    }
  }

  /** The ingest when it has ended. That takes as long as its lease if its process is lost. */
  private async ended(id: string): Promise<Ingest> {
    const end = Date.now() + LEASE_MS
    for (;;) {
      const ingest = await read<Ingest>(`/v1/ingests/${id}`)
      if (ingest.finishedAt !== null || Date.now() > end) {
        return ingest
      }
      await pause(ENDED_MS)
    }
  }

  private attempt(): Promise<Dataset> {
    this.ingest = null
    return new Promise((resolve, reject) => {
      if (this.cancelled) {
        reject(this.stopped())
        return
      }
      const request = new XMLHttpRequest()
      this.request = request
      const query = this.options.toString()
      request.open('PUT', `${datasetPath(this.dataset)}${query ? `?${query}` : ''}`)
      request.setRequestHeader('Content-Type', 'application/octet-stream')
      request.setRequestHeader('Idempotency-Key', this.key)
      request.upload.onprogress = (event) => {
        this.sent = event.loaded
        this.onChange()
      }
      request.onload = () => {
        if (request.status < 300) {
          const view = request.responseText // empty if the process had no memory for it
          resolve(view ? (JSON.parse(view) as Dataset) : read<Dataset>(datasetPath(this.dataset)))
        } else {
          reject(Problem.of(request.status, request.responseText, request.getResponseHeader('Retry-After')))
        }
      }
      request.onerror = () => reject(Problem.unreachable())
      request.onabort = () => reject(this.stopped())
      request.send(this.file)
    })
  }

  /** Looks for the ingest that it is, which its process writes down when it has begun to read. */
  private async follow(): Promise<void> {
    for (let wait = LOOK_MS.first; !this.isOver; wait = Math.min(wait * 1.5, LOOK_MS.longest)) {
      await pause(wait)
      if (this.ingest === null && !this.isOver) {
        await this.find().catch(() => {}) // the next look may find it
      }
    }
  }

  private async find(): Promise<void> {
    const { request } = this
    const mine = (await this.running()).find(({ id }) => !this.before.has(id))
    if (mine && this.ingest === null && this.request === request) {
      this.before.add(mine.id)
      this.ingest = mine.id
      this.refused = 0
      this.onChange()
    }
  }

  private async running(): Promise<Ingest[]> {
    const asked = new URLSearchParams({ dataset: this.dataset, state: 'running' })
    const { items } = await read<Page<Ingest>>(`/v1/ingests?${asked}`)
    return items.filter(({ source, progress }) => source.kind === 'upload' && progress.totalBytes === this.file.size)
  }

  /** Cancels it, unless it has been stored before that: where its ingest is known that says so. */
  async cancel(): Promise<void> {
    const { ingest } = this
    if (ingest !== null) {
      await changeOnce(`/v1/ingests/${ingest}`, { method: 'DELETE' })
      const { state } = await this.ended(ingest)
      if (state === 'succeeded' || state === 'unchanged') {
        return
      }
    }
    this.cancelled = true
    this.request?.abort()
  }

  private stopped(): Problem {
    const isKnown = this.ingest !== null || this.sent < this.file.size
    return new Problem(409, {
      code: 'CANCELLED',
      title: 'The upload was cancelled',
      detail: isKnown ? 'Nothing was stored.' : 'All of it had been sent: it may have been stored nevertheless.',
    })
  }
}
