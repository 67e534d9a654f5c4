// Where a person was, kept in the session, so that it is there in another browser window and at another process.

import { change, patiently, Problem } from './api'

const PATH = '/v1/sessions/current/state'
const DELAY_MS = 400

/** What a session keeps of us. */
interface State {
  at?: string
}

/** Keeps the last place in the session, at the latest a moment after it changed. */
export class KeptPlace {
  private timer = 0
  /** What is kept, or on its way to be. */
  private kept: string | null = null
  private storing = Promise.resolve()

  /** Where somebody with this session was last; null if nowhere. */
  async recall(): Promise<string | null> {
    try {
      const state = await patiently(() => fetchState())
      this.kept = typeof state?.at === 'string' && state.at.startsWith('#/') ? state.at : null
    } catch (e) {
      if (!(e instanceof Problem)) {
        throw e
      }
      this.kept = null // then it begins where everybody does
    }
    return this.kept
  }

  keep(at: string): void {
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      if (at !== this.kept) {
        this.kept = at
        this.storing = this.storing.then(() => this.store(at)) // one after the other, so that the last one stays
      }
    }, DELAY_MS)
  }

  /** Keeps nothing more of a session that ends. */
  forget(): void {
    clearTimeout(this.timer)
    this.kept = null
  }

  private async store(at: string): Promise<void> {
    if (at !== this.kept) {
      return // somebody has gone on meanwhile
    }
    try {
      await patiently(() => change(PATH, { method: 'PUT', body: { at } satisfies State }))
    } catch (e) {
      if (e instanceof Problem && e.status === 401) {
        return // it has ended, and takes its places with it
      }
      this.kept = null
      console.warn('The place is not kept in the session', e)
    }
  }
}

async function fetchState(): Promise<State | null> {
  const response = await fetch(PATH, { credentials: 'same-origin' }).catch(() => {
    throw Problem.unreachable()
  })
  const body = await response.text()
  if (!response.ok) {
    throw Problem.of(response.status, body, response.headers.get('Retry-After'))
  }
  return JSON.parse(body) as State | null
}
