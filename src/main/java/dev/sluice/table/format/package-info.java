/** Bytes to records: character set, dialect, records of fields. Knows neither types nor tables. */
package dev.sluice.table.format;
