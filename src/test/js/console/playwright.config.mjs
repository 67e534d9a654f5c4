// Chromium is the one of the machine: nothing is downloaded.

import { defineConfig } from '@playwright/test'
import { chromium } from './chromium.mjs'

export default defineConfig({
  testDir: '.',
  outputDir: '../results',
  reporter: './lines.mjs',
  workers: 1, // processes are killed: whoever sees that expects it
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: process.env.SLUICE_URL,
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
})
