/** Connections to PostgreSQL: how many there are for what, and how long they wait. */
package dev.sluice.platform.database;
