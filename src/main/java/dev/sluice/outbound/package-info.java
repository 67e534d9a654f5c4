/**
 * The one way out: every address checked before it is connected to, every answer held to its limits. Knows no feature, and
 * nothing of what the fetched bytes mean.
 */
package dev.sluice.outbound;
