/** How callers share what a process has few of. Knows no feature. */
package dev.sluice.platform.share;
