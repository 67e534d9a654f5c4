/**
 * Ingests: the job of record, uploads and what becomes of them. {@link dev.sluice.ingest.Load} turns one source into one
 * segment.
 */
package dev.sluice.ingest;
