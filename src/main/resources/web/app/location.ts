// Where in the console somebody is: all of it stands behind the # of the address, so that an address can be kept and sent.

export interface Place {
  view: 'datasets' | 'new' | 'dataset' | 'ingests' | 'ingest' | 'session'
  /** The dataset's name or the ingest's id. */
  subject: string
  part: Part
  query: URLSearchParams
}

export const PARTS = ['columns', 'rows', 'versions', 'rejects', 'use'] as const
export type Part = (typeof PARTS)[number]

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s)
  const [first = '', second = '', third = ''] = path.split('/').map(decoded)
  const place = { subject: second, part: PARTS.find((part) => part === third) ?? 'columns', query: new URLSearchParams(query) }
  switch (first) {
    case 'new':
    case 'session':
      return { ...place, view: first }
    case 'ingests':
      return { ...place, view: second ? 'ingest' : 'ingests' }
    case 'datasets':
      return { ...place, view: second ? 'dataset' : 'datasets' }
    default:
      return { ...place, view: 'datasets' }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function datasetHash(name: string, part: Part = 'columns', query?: URLSearchParams): string {
  const asked = query?.toString()
  return `#/datasets/${encodeURIComponent(name)}/${part}${asked ? `?${asked}` : ''}`
}

export const ingestHash = (id: string) => `#/ingests/${encodeURIComponent(id)}`

/** Goes somewhere. */
export function go(hash: string): void {
  location.hash = hash
}

/** Changes the address without a step back to where it was before: what is seen has changed a little, not the place. */
export function adjust(hash: string): void {
  const [here, there] = [placeOf(location.hash), placeOf(hash)]
  if (here.view !== there.view || here.subject !== there.subject || here.part !== there.part) {
    return // somebody has just gone somewhere else, of which nobody has heard yet
  }
  history.replaceState(history.state, '', hash)
  dispatchEvent(new Event('adjusted'))
}
