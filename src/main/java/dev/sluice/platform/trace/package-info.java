/** What traces are sent, without what clients asked for. */
package dev.sluice.platform.trace;
