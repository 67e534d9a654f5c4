/**
 * Column types, each with the format its values were written in, under one law: a column has a type only if every
 * cell's source text can be rebuilt from the stored value and the format.
 */
package dev.sluice.table.type;
