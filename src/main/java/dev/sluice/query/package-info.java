/**
 * Reading: the reading side of PostgREST's dialect, from query string to a sealed AST to SQL. Identifiers come from the
 * catalog alone, values are bound; statements run as a role that can read the schema {@code data} and nothing else.
 */
package dev.sluice.query;
