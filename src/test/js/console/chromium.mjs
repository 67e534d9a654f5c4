import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser']

function found() {
  for (const directory of process.env.PATH.split(delimiter)) {
    for (const path of NAMES.map((name) => join(directory, name))) {
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // not here
      }
    }
  }
  throw new Error('There is no Chromium')
}

/** How the browser of this machine is started. */
export const chromium = {
  executablePath: found(),
  args: process.getuid() === 0 ? ['--no-sandbox'] : [], // it has none for root
}
