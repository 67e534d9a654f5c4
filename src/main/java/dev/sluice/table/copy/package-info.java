/** PostgreSQL's binary COPY format. Knows bytes and PostgreSQL's wire types, not columns. */
package dev.sluice.table.copy;
