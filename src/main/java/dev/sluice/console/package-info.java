/** The web console: sends its page and what that loads, which were made at build time. Knows no feature, and no data. */
package dev.sluice.console;
