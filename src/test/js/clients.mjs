// Calls a running service with the JavaScript clients and prints what each call gave, one JSON line a call. What it should
// have given is said in JavaScriptClientsIT, under the same name.
//
//   SLUICE_URL       where the service is, without a path
//   SLUICE_KEY       a key that may read
//   SLUICE_DATASET   the dataset that most calls read
//   SLUICE_VERSIONS  a dataset of two versions

import { PostgrestClient } from '@supabase/postgrest-js'
import { createClient } from '@supabase/supabase-js'

const { SLUICE_URL: url, SLUICE_KEY: key, SLUICE_DATASET: dataset, SLUICE_VERSIONS: versions } = process.env

const withKey = (secret) => new PostgrestClient(`${url}/rest/v1`, { headers: { Authorization: `Bearer ${secret}` } })
const postgrest = withKey(key)
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  // never connected; without any a Node that has no WebSocket of its own is refused
  realtime: { transport: globalThis.WebSocket ?? class {} },
})

/** All columns of the rows that are left by what is called on it. */
const rows = () => postgrest.from(dataset).select()
const select = (columns, options) => postgrest.from(dataset).select(columns, options)
const ids = () => select('id')

/** The client has no word for an offset alone. */
const offset = (call, count) => {
  call.url.searchParams.set('offset', count)
  return call
}

/** Rows of which the planner of the database believes that there are more. */
const misjudged = (call) => call.or('kind.eq.animal,body.eq.The tree has no leaves')

const calls = {
  // comparisons
  'eq of a bigint': () => rows().eq('id', 3),
  'eq of a bigint that no double holds': () => select('id,big::text').eq('big', '9007199254740993'),
  'eq of the smallest bigint': () => select('id,big::text').eq('big', '-9223372036854775808'),
  'eq of a text with a comma': () => rows().eq('label', 'a,b'),
  'eq of a text with quotes': () => rows().eq('label', 'say "hi"'),
  'eq of a text in parentheses': () => rows().eq('label', '(brackets)'),
  'eq of a text with a backslash': () => rows().eq('label', 'back\\slash'),
  'eq of a text with a line break': () => rows().eq('label', 'line\nbreak'),
  'eq of a text with spaces around it': () => rows().eq('label', '  spaced  '),
  'eq of a text that means something in a URL': () => rows().eq('label', '#hash&amp=1+2%20'),
  'eq of a text with dots': () => rows().eq('label', 'a.b.c'),
  'eq of a Japanese text': () => rows().eq('label', '日本語'),
  'eq of a text beyond the basic plane': () => rows().eq('label', 'fox 🦊'),
  'eq of the empty text': () => rows().eq('label', ''),
  'eq of the word null': () => rows().eq('label', 'null'),
  'eq of a numeric of another scale': () => rows().eq('amount', 1.5),
  'eq of a double': () => rows().eq('ratio', 2.5e-7),
  'eq of a boolean': () => rows().eq('done', true),
  'eq of a date': () => rows().eq('day', '2024-02-29'),
  'eq of a timestamptz in another zone': () => rows().eq('at', '2024-02-29T11:30:00+05:30'),
  'eq of a uuid in capitals': () => rows().eq('token', '0B8F1C52-7A6E-4C1D-9F00-00000000000C'),
  'neq leaves out null': () => rows().neq('kind', 'fruit'),
  'gt of a numeric': () => rows().gt('amount', 10),
  'gt of a text': () => rows().gt('label', 'beta'),
  'gte of a date': () => rows().gte('day', '2024-03-05'),
  'lt of a double': () => rows().lt('ratio', 0),
  'lte of a timestamptz': () => rows().lte('at', '2024-02-05T08:00:00Z'),
  'several filters of one column': () => rows().gt('id', 3).lte('id', 9).neq('id', 5),
  'filters of several columns': () => rows().eq('kind', 'tool').is('done', true).gt('id', 5),
  'match of an object': () => rows().match({ kind: 'animal', done: false }),
  'filter with any of an array': () => rows().filter('id', 'eq(any)', '{4,2,99}'),
  'filter with all of an array': () => rows().filter('id', 'gt(all)', '{4,28,9}'),

  // patterns
  'like with percent': () => rows().like('label', 'alpha%'),
  'like with an asterisk': () => rows().like('label', 'alpha*'),
  'like with an underscore': () => rows().like('label', 'bet_'),
  'like with an escaped underscore': () => rows().like('label', '%\\_%'),
  'ilike': () => rows().ilike('label', 'ALPHA%'),
  'ilike of letters that are not ASCII': () => rows().ilike('label', 'ÜNÏ%'),
  'likeAllOf': () => rows().likeAllOf('label', ['alpha%', '%bet']),
  'likeAnyOf': () => rows().likeAnyOf('label', ['beta', '%amma', 'ALPHA']),
  'ilikeAllOf': () => rows().ilikeAllOf('label', ['AL%', '%PHA']),
  'ilikeAnyOf': () => rows().ilikeAnyOf('label', ['BETA', 'alpha', 'O%']),
  'match as a filter': () => rows().filter('label', 'match', '^[a-c].*a$'),
  'imatch as a filter': () => rows().filter('label', 'imatch', '^alpha'),
  'regexMatch with parentheses and commas': () => rows().regexMatch('label', '^(a|b)(,|e)b?'),
  'regexIMatch': () => rows().regexIMatch('label', '^ALPHA$'),

  // is, in, distinct
  'is null': () => rows().is('label', null),
  'is null of a number': () => rows().is('amount', null),
  'is true': () => rows().is('done', true),
  'is false': () => rows().is('done', false),
  'is unknown': () => rows().filter('done', 'is', 'unknown'),
  'not is null': () => rows().not('kind', 'is', null),
  'not is true': () => rows().not('done', 'is', true),
  'in of numbers': () => rows().in('id', [3, 1, 99]),
  'in of texts with commas and parentheses': () => rows().in('label', ['a,b', '(brackets)', '(a,b)', 'beta']),
  'in of a text with quotes': () => rows().in('label', ['say "hi"', 'zeta']),
  'in of escaped quotes beside a comma': () => rows().in('label', ['quote\\"comma,(paren)', 'zeta']),
  'in of a backslash': () => rows().in('label', ['back\\slash', 'zeta']),
  'in of an escaped backslash in quotes': () => rows().filter('label', 'in', '("back\\\\slash","say \\"hi\\"")'),
  'in of the empty text': () => rows().in('label', ['', 'zeta']),
  'in of nothing': () => rows().in('id', []),
  'in of dates': () => rows().in('day', ['2024-02-29', '2024-03-01']),
  'in of uuids': () =>
    rows().in('token', ['0b8f1c52-7a6e-4c1d-9f00-00000000000c', '0b8f1c52-7a6e-4c1d-9f00-00000000001f']),
  'notIn': () => ids().notIn('kind', ['fruit', 'tool']),
  'not in': () => ids().not('label', 'in', '("a,b",alpha,"(a,b)")'),
  'isDistinct of a text': () => ids().isDistinct('kind', 'fruit'),
  'isDistinct of a boolean': () => ids().isDistinct('done', true),

  // text search
  'textSearch': () => select('id,body').textSearch('body', 'apple & tree'),
  'textSearch with or and not': () => select('id,body').textSearch('body', '(cat | dog) & !sleep'),
  'textSearch plain': () => select('id,body').textSearch('body', 'tree apple', { type: 'plain' }),
  'textSearch phrase': () => select('id,body').textSearch('body', 'red apple', { type: 'phrase' }),
  'textSearch websearch': () => select('id,body').textSearch('body', '"red apple" or dog -cat', { type: 'websearch' }),
  'textSearch with a configuration': () => select('id,body').textSearch('body', 'falling', { config: 'english' }),
  'textSearch with the simple configuration': () => select('id,body').textSearch('body', 'falling', { config: 'simple' }),
  'textSearch plain with a configuration': () =>
    select('id,body').textSearch('body', 'sleeping dogs', { type: 'plain', config: 'english' }),
  'not textSearch': () => ids().not('body', 'fts(english)', 'apple'),

  // not, or
  'not eq leaves out null': () => ids().not('kind', 'eq', 'fruit'),
  'not like': () => ids().not('label', 'like', '%a%'),
  'filter with not': () => ids().filter('id', 'not.gte', 5),
  'or': () => rows().or('id.eq.2,label.eq.zeta'),
  'or of texts in quotes': () => rows().or('label.eq."a,b",label.eq."say \\"hi\\"",label.in.("(a,b)",beta)'),
  'or with and within': () => rows().or('id.lt.3,and(kind.eq.tool,or(done.is.true,amount.gt.20))'),
  'or with not and within': () => ids().or('id.eq.1,not.and(kind.in.(fruit,tool),id.lt.25)'),
  'or with not of a condition': () => ids().or('kind.not.is.null,label.not.like.*a*'),
  'or with any of an array': () => ids().or('id.eq(any).{1,2},label.like(any).{be*,ga*}'),
  'two ors are both true': () => ids().or('kind.eq.fruit,kind.eq.tool').or('done.is.true,id.gt.20'),
  'or beside a filter': () => ids().or('kind.is.null,kind.eq.animal').gt('id', 10),

  // select
  'all columns and no others': () => rows(),
  'select of a few columns': () => select('label, id').lt('id', 8),
  'select with an alias': () => select('number:id,label').lt('id', 4),
  'select with a cast': () => select('id::text,amount::text,done::text,at::date').lte('id', 10),
  'select with an alias and a cast': () => select('exact:big::text,approximate:big,id').lt('id', 5),
  'select of one column twice': () => select('a:id,b:id').lt('id', 3),
  'select of all and one more': () => select('*,again:label').eq('id', 2),
  'select of a name in quotes': () => select('"label","my id":id').eq('id', 2),
  'select of the row number': () => select('_row,id').gt('id', 30),
  'nulls are stripped': () => rows().in('id', [6, 7, 15]).stripNulls(),

  // aggregates
  'count of all rows': () => select('count()'),
  'count of no row': () => select('count()').eq('id', 99),
  'count of a column leaves out null': () => select('label.count()'),
  'sum avg min and max': () => select('id.sum(),id.avg(),first:day.min(),last:day.max()'),
  'aggregates by group': () => select('kind,count(),amount.sum(),amount.avg(),ratio.min(),at.max()').order('kind'),
  'aggregates by two columns': () => select('kind,done,n:count()').order('kind').order('done', { nullsFirst: true }),
  'aggregates of filtered rows': () => select('kind,total:amount.sum()').gt('id', 10).order('kind', { ascending: false }),
  'aggregates with casts': () => select('kind,last:id::text.max(),total:amount.sum()::text').order('kind'),
  'groups of a cast': () => select('day:at::date,count()').gt('id', 12),
  'a page of groups': () => select('kind,count()').order('kind').range(1, 2),

  // order and pages
  'order ascending': () => select('id,label').order('label'),
  'order descending': () => select('id,amount').order('amount', { ascending: false }),
  'order with nulls first': () => select('id,amount').order('amount', { nullsFirst: true }),
  'order descending with nulls last': () => select('id,day').order('day', { ascending: false, nullsFirst: false }),
  'order by several columns': () =>
    select('id,kind,done').order('kind').order('done', { ascending: false }).order('id', { ascending: false }),
  'order by a column that is not selected': () => select('label').order('id', { ascending: false }),
  'limit': () => rows().limit(3),
  'limit of nothing': () => rows().limit(0),
  'range': () => rows().range(5, 9),
  'range over the end': () => rows().range(30, 39),
  'range behind the end': () => rows().range(100, 109),
  'range of ordered rows': () => select('id,ratio').order('ratio', { ascending: false }).range(3, 12),
  'offset': () => offset(ids(), 27),

  // one row
  'single of one row': () => rows().eq('id', 5).single(),
  'single of the first row': () => select('id,label').order('id', { ascending: false }).limit(1).single(),
  'single without nulls': () => rows().eq('id', 7).single().stripNulls(),
  'single of an aggregate': () => select('count()').single(),
  'single of none': () => rows().eq('id', 99).single(),
  'single of many': () => rows().single(),
  'maybeSingle of one row': () => rows().eq('id', 5).maybeSingle(),
  'maybeSingle of none': () => rows().eq('id', 99).maybeSingle(),
  'maybeSingle of many': () => rows().maybeSingle(),

  // CSV
  'csv': () => select('id,label,amount,done,day,at,token').in('id', [1, 2, 3, 6, 7, 24]).csv(),
  'csv of no row': () => select('id,text:label').eq('id', 99).csv(),
  'csv of aggregates': () => select('kind,count()').order('kind').csv(),

  // counts
  'count exact': () => select('id', { count: 'exact' }),
  'count exact of filtered rows': () => misjudged(select('id', { count: 'exact' })),
  'count exact of a page': () => select('id', { count: 'exact' }).gt('id', 4).range(5, 9),
  'count exact of the last page': () => select('id', { count: 'exact' }).range(30, 39),
  'count exact of no row': () => select('id', { count: 'exact' }).eq('id', 99),
  'count exact of groups': () => select('kind,count()', { count: 'exact' }).order('kind'),
  'count planned': () => select('id', { count: 'planned' }),
  'count planned of filtered rows': () => misjudged(select('id', { count: 'planned' })),
  'count estimated': () => select('id', { count: 'estimated' }),
  'count estimated of filtered rows': () => misjudged(select('id', { count: 'estimated' })),
  'head with count exact': () => select('*', { count: 'exact', head: true }),
  'head with count exact of filtered rows': () => misjudged(select('*', { count: 'exact', head: true })),
  'head with count planned of filtered rows': () => misjudged(select('*', { count: 'planned', head: true })),
  'head with count estimated of filtered rows': () => misjudged(select('*', { count: 'estimated', head: true })),
  'head without a count': () => select('*', { head: true }),
  'single with a count': () => select('id', { count: 'exact' }).eq('id', 5).single(),
  'count exact of a range behind the end': () => select('id', { count: 'exact' }).range(100, 109),

  // versions
  'the current version': () => postgrest.from(versions).select(),
  'the first version': () => postgrest.from(`${versions}@1`).select(),
  'the second version': () => postgrest.from(`${versions}@2`).select('n', { count: 'exact' }).gt('n', 1),

  // errors
  'an unknown column in select': () => select('id,nope'),
  'an unknown column in a filter': () => rows().eq('nope', 1),
  'an unknown column in order': () => rows().order('nope'),
  'an unknown column in or': () => rows().or('id.eq.1,nope.eq.2'),
  'a value that is no bigint': () => rows().eq('id', 'x'),
  'a value that is no uuid': () => rows().eq('token', 'x'),
  'a value that is no boolean': () => rows().eq('done', 'maybe'),
  'a value of in that is no bigint': () => rows().in('id', [1, 'x']),
  'a bigint out of range': () => rows().eq('id', '99999999999999999999'),
  'a date that is none': () => rows().eq('day', '2024-02-30'),
  'an unknown operator': () => rows().filter('id', 'foo', 1),
  'an unknown operator in or': () => rows().or('id.foo.1'),
  'an or that is not closed': () => rows().or('and(id.eq.1'),
  'is of a word that is none': () => rows().filter('id', 'is', 'nope'),
  'an unknown type of a cast': () => select('id::nope'),
  'a text operator of a number': () => rows().like('id', '1%'),
  'a regular expression that is none': () => rows().regexMatch('label', '('),
  'a relationship': () => select('id,other(*)'),
  'an unknown dataset': () => postgrest.from('nothing-of-the-kind').select(),
  'an unknown version': () => postgrest.from(`${dataset}@99`).select(),
  'an unknown key': () => withKey('sluice_nothing-of-the-kind').from(dataset).select(),

  // the other client
  'supabase: select': () => supabase.from(dataset).select('id,label').eq('kind', 'animal').order('id', { ascending: false }),
  'supabase: or': () => supabase.from(dataset).select().or('label.eq."a,b",and(id.gt.30,done.is.true)'),
  'supabase: a page with a count': () => supabase.from(dataset).select('id', { count: 'exact' }).order('id').range(10, 14),
  'supabase: head': () => supabase.from(dataset).select('*', { count: 'exact', head: true }).not('label', 'is', null),
  'supabase: aggregates': () => supabase.from(dataset).select('kind,amount.sum()').order('kind'),
  'supabase: single': () => supabase.from(dataset).select().eq('token', '0b8f1c52-7a6e-4c1d-9f00-00000000000c').single(),
  'supabase: maybeSingle of none': () => supabase.from(dataset).select().eq('id', 99).maybeSingle(),
  'supabase: csv': () => supabase.from(dataset).select('id,label').lt('id', 4).csv(),
  'supabase: the first version': () => supabase.from(`${versions}@1`).select(),
  'supabase: an unknown column': () => supabase.from(dataset).select('nope'),
}

for (const [name, call] of Object.entries(calls)) {
  const { status, data, count, error } = await call()
  const answer = typeof data === 'string' ? { text: data } : { data }
  console.log(JSON.stringify({ name, status, ...answer, count, error }))
}
