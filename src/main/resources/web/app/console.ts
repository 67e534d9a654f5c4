// The console's frame: who is signed in, where one is, and the view of that place.

import { html, nothing } from 'lit'
import './style.css'
import { change, Problem, read, signedOut, type Session } from './api'
import './dataset'
import './datasets'
import { leave, take } from './drop'
import './ingest'
import './ingests'
import { placeOf, type Place } from './location'
import './session'
import { KeptPlace } from './state'
import { busy, problemBox, View } from './view'

const TITLES: Record<Place['view'], (place: Place) => string> = {
  datasets: () => 'Datasets',
  new: () => 'Add data',
  dataset: (place) => place.subject,
  ingests: () => 'Ingests',
  ingest: () => 'Ingest',
  session: () => 'Session',
}

class Console extends View {
  static override properties = {
    place: { state: true },
    session: { state: true },
    access: { state: true },
    problem: { state: true },
  }
  declare place: Place
  declare session: Session | null
  /** Whether one may look: not known yet, by nobody's key, by a session, or not before signing in. */
  declare access: 'unknown' | 'open' | 'session' | 'none'
  declare problem: Problem | null
  private readonly keptPlace = new KeptPlace()

  constructor() {
    super()
    this.place = placeOf(location.hash)
    this.session = null
    this.access = 'unknown'
    this.problem = null
  }

  override connectedCallback(): void {
    this.replaceChildren() // what the page said before it had its files
    super.connectedCallback()
    const { signal } = this
    addEventListener('hashchange', () => this.moved(), { signal })
    addEventListener('adjusted', () => this.keepPlace(), { signal })
    signedOut.addEventListener('signedout', () => this.askForKey(), { signal })
    // A file that is dropped anywhere is taken, and does not take the console's place in the window.
    addEventListener('dragover', (event) => event.preventDefault(), { signal })
    addEventListener('drop', (event) => this.dropped(event), { signal })
    void this.enter()
  }

  private dropped(event: DragEvent): void {
    event.preventDefault()
    const file = event.dataTransfer?.files[0]
    if (file && this.mayWrite) {
      take(file)
    }
  }

  private async enter(): Promise<void> {
    this.problem = await this.attempt(async () => {
      try {
        this.session = await read<Session>('/v1/sessions/current', this.signal)
        this.access = 'session'
        if (location.hash.length > 2) {
          this.keepPlace()
          return
        }
        const last = await this.keptPlace.recall()
        if (last) {
          location.replace(last)
        }
      } catch (e) {
        if (!(e instanceof Problem && e.status === 401)) {
          throw e
        }
        this.session = null
        this.access = await isOpen(this.signal) ? 'open' : 'none'
      }
    })
  }

  private async signedIn(): Promise<void> {
    await this.enter()
    await this.updateComplete
    this.focusMain()
  }

  private askForKey(): void {
    if (this.access === 'session') {
      this.keptPlace.forget()
      this.session = null
      this.access = 'none'
    }
  }

  private moved(): void {
    this.place = placeOf(location.hash)
    this.keepPlace()
    void this.updateComplete.then(() => {
      this.focusMain()
      scrollTo(0, 0)
    })
  }

  private keepPlace(): void {
    if (this.access === 'session') {
      this.keptPlace.keep(location.hash || '#/')
    }
  }

  override updated(): void {
    const what = this.access === 'none' ? 'Sign in' : TITLES[this.place.view](this.place)
    document.title = `${what} · Sluice`
  }

  private get mayWrite(): boolean {
    return this.access === 'open' || (this.session?.scopes.includes('write') ?? false)
  }

  override render() {
    return html`
      <a class="skip" href="#main" @click=${this.skip}>Skip to the content</a>
      <header class="bar">
        <a class="brand" href="#/"><img src="/sluice.svg" alt="" width="28" height="28" /> Sluice</a>
        ${this.access === 'open' || this.access === 'session' ? this.navigation() : nothing}
      </header>
      <main id="main" tabindex="-1">${this.content()}</main>
    `
  }

  private navigation() {
    return html`
      <nav aria-label="Console">
        ${this.link('#/', 'Datasets', ['datasets', 'dataset'])} ${this.link('#/ingests', 'Ingests', ['ingests', 'ingest'])}
        ${this.mayWrite ? this.link('#/new', 'Add data', ['new']) : nothing}
        ${this.session ? this.link('#/session', this.session.name, ['session'], 'Session') : nothing}
      </nav>
    `
  }

  private link(hash: string, text: string, views: Place['view'][], label = '') {
    const here = views.includes(this.place.view)
    return html`<a
      href=${hash}
      aria-current=${here ? 'page' : nothing}
      aria-label=${label ? `${label}: ${text}` : nothing}
      ><bdi>${text}</bdi></a
    >`
  }

  private skip(event: Event): void {
    event.preventDefault()
    this.focusMain()
  }

  private focusMain(): void {
    this.querySelector<HTMLElement>('main')?.focus()
  }

  private content() {
    if (this.problem) {
      return html`<h1>Sluice</h1>${problemBox(this.problem, () => void this.enter())}`
    }
    switch (this.access) {
      case 'unknown':
        return busy()
      case 'none':
        return html`<sign-in @signedin=${() => void this.signedIn()}></sign-in>`
      default:
        return this.view()
    }
  }

  private view() {
    const { view, subject, part, query } = this.place
    switch (view) {
      case 'datasets':
        return html`<dataset-list .query=${query} .mayWrite=${this.mayWrite}></dataset-list>`
      case 'new':
        return html`<new-data .query=${query}></new-data>`
      case 'dataset':
        return html`<dataset-view .name=${subject} .section=${part} .query=${query} .mayWrite=${this.mayWrite}></dataset-view>`
      case 'ingests':
        return html`<ingest-list .mayWrite=${this.mayWrite}></ingest-list>`
      case 'ingest':
        return html`<h1>Ingest</h1>
          <ingest-view .ingestId=${subject} .mayWrite=${this.mayWrite}></ingest-view>`
      case 'session':
        return html`<session-view .session=${this.session} @signout=${() => void this.signOut()}></session-view>`
    }
  }

  private async signOut(): Promise<void> {
    this.keptPlace.forget()
    this.problem = await this.attempt(async () => {
      await leave()
      await change('/v1/sessions/current', { method: 'DELETE' }).catch((e: unknown) => {
        if (!(e instanceof Problem && e.status === 401)) {
          throw e // else it had ended already
        }
      })
      this.session = null
      this.access = 'none'
    })
  }
}

/** Whether this service asks nobody for a key. */
async function isOpen(signal: AbortSignal): Promise<boolean> {
  try {
    await read('/v1/datasets', signal)
    return true
  } catch (e) {
    if (e instanceof Problem && e.status === 401) {
      return false
    }
    throw e
  }
}

customElements.define('sluice-console', Console)
