/** What every process has: its types, its start and end, problems as responses, health. Knows no feature. */
package dev.sluice.platform;
