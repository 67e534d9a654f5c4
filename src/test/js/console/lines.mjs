// Says of each test, in a line of JSON, what it claims and what was wrong: null if it is true.

export default class Lines {
  printsToStdio() {
    return true
  }

  onTestEnd(test, { status, errors }) {
    const name = test.titlePath().filter(Boolean).slice(1).join(': ')
    const said = errors.map(({ stack, message, value }) => stack ?? message ?? value).join('\n')
    const problem = status === 'passed' ? null : said || status
    console.log(JSON.stringify({ name, problem: problem?.replace(/\x1b\[\d+m/g, '') ?? null }))
  }

  onError({ stack, message }) {
    console.error(stack ?? message)
  }
}
