/** Statistics of a column, gathered in the pass that loads it. */
package dev.sluice.table.profile;
