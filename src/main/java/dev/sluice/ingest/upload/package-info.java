/** What a request's body holds, from its bytes to those of the file. Knows nothing of what the file is. */
package dev.sluice.ingest.upload;
