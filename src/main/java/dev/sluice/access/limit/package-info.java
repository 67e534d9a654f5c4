/** How much callers may ask for, counted in Redis so that it holds across processes. */
package dev.sluice.access.limit;
