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
  private kept: string | null = null

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
    if (at !== this.kept) {
      this.timer = window.setTimeout(() => void this.store(at), DELAY_MS)
    }
  }

  /** Keeps nothing more of a session that ends. */
  forget(): void {
    clearTimeout(this.timer)
    this.kept = null
  }

  private async store(at: string): Promise<void> {
    try {
      await patiently(() => change(PATH, { method: 'PUT', body: { at } satisfies State }))
      this.kept = at
    } catch (e) {
      if (e instanceof Problem && e.status === 401) {
        return // it has ended, and takes its places with it
      }
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
