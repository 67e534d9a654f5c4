// Signing in with a key, and the sessions there are of it.

import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { change, patiently, Problem, read, type Page, type Session } from './api'
import { ago, time } from './format'
import { busy, problemBox, View } from './view'

/** Fires `signedin`. */
class SignIn extends View {
  static override properties = { problem: { state: true }, pending: { state: true } }
  declare problem: Problem | null
  declare pending: boolean

  constructor() {
    super()
    this.problem = null
    this.pending = false
  }

  override render() {
    return html`
      <section class="narrow">
        <h1>Sign in</h1>
        <p>With an API key, as <code>sluice_…</code>. The page keeps it no longer than this form; a session begins that ends by itself.</p>
        <form class="stack" @submit=${this.signIn}>
          <label class="field">
            <span>Key</span>
            <input name="key" type="password" required autocomplete="current-password" spellcheck="false" />
          </label>
          ${problemBox(this.problem)}
          <button type="submit" ?disabled=${this.pending}>Sign in</button>
        </form>
      </section>
    `
  }

  private async signIn(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const key = String(new FormData(form).get('key')).trim()
    this.pending = true
    this.problem = await this.attempt(async () => {
      await change<Session>('/v1/sessions', { method: 'POST', body: { key } })
      form.reset()
      this.dispatchEvent(new Event('signedin'))
    })
    this.pending = false
  }
}
customElements.define('sign-in', SignIn)

/** Fires `signout`. Without a session there are no keys to have one with. */
class SessionView extends View {
  static override properties = { session: { attribute: false }, sessions: { state: true }, problem: { state: true } }
  declare session: Session | null
  declare sessions: Session[] | null
  declare problem: Problem | null

  constructor() {
    super()
    this.session = null
    this.sessions = null
    this.problem = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.load()
  }

  private async load(): Promise<void> {
    this.problem = await this.attempt(async () => {
      this.sessions = (await read<Page<Session>>('/v1/sessions', this.signal)).items
    })
  }

  override render() {
    if (!this.session) {
      return html`<h1>Session</h1><p>This service asks for no key, so there is no session.</p>`
    }
    const { name, scopes, datasets, expiresAt } = this.session
    return html`
      <div class="head">
        <h1>Session</h1>
        <button type="button" @click=${() => this.dispatchEvent(new Event('signout'))}>Sign out</button>
      </div>
      <dl class="facts">
        <div><dt>Key</dt><dd><bdi>${name}</bdi></dd></div>
        <div><dt>May</dt><dd>${scopes.join(', ')}</dd></div>
        <div><dt>Datasets</dt><dd>${datasets.length === 0 ? 'all' : html`<bdi>${datasets.join(', ')}</bdi>`}</dd></div>
        <div><dt>Ends</dt><dd>${time(expiresAt)}, or earlier if it is not used</dd></div>
      </dl>
      <h2 tabindex="-1">Sessions of this key</h2>
      ${problemBox(this.problem, () => void this.load())} ${this.sessions ? this.table(this.sessions) : busy()}
    `
  }

  private table(sessions: Session[]) {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Sessions of this key">
        <table>
          <thead>
            <tr><th scope="col">Browser</th><th scope="col">Begun</th><th scope="col">Last seen</th><th scope="col"><span class="unseen">Actions</span></th></tr>
          </thead>
          <tbody>
            ${repeat(
              sessions,
              (s) => s.id,
              (s) => html`<tr>
                <td class="wide"><bdi>${s.userAgent ?? 'unknown'}</bdi> ${s.current ? html`<span class="chip good">this one</span>` : nothing}</td>
                <td>${time(s.createdAt)}</td>
                <td>${ago(s.lastSeenAt)}</td>
                <td>
                  ${s.current
                    ? nothing
                    : html`<button type="button" class="quiet" @click=${() => this.revoke(s)}>
                        End<span class="unseen"> the session begun ${time(s.createdAt)}</span>
                      </button>`}
                </td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${sessions.length > 1
        ? html`<p><button type="button" class="quiet bad" @click=${this.revokeAll}>End all, this one too</button></p>`
        : nothing}
    `
  }

  private async revoke(session: Session): Promise<void> {
    this.problem = await this.attempt(async () => {
      await patiently(() => change(`/v1/sessions/${encodeURIComponent(session.id)}`, { method: 'DELETE' })).catch(
        (e: unknown) => {
          if (!(e instanceof Problem && e.status === 404)) {
            throw e // else it had ended already
          }
        },
      )
      await this.load()
      this.querySelector<HTMLElement>('h2')?.focus()
    })
  }

  private async revokeAll(): Promise<void> {
    this.problem = await this.attempt(async () => {
      await change('/v1/sessions', { method: 'DELETE' })
      this.dispatchEvent(new Event('signout'))
    })
  }
}
customElements.define('session-view', SessionView)
