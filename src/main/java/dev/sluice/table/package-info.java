/**
 * What a table is: bytes to records, records to typed columns, typed columns to PostgreSQL's binary COPY format. A pure
 * library without JDBC, CDI, HTTP or Redis.
 */
package dev.sluice.table;
