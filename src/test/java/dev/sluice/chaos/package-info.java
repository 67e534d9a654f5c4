/**
 * Disturbs several processes, PostgreSQL, Redis and the network by a seeded schedule while clients work, and then checks that
 * nothing was lost, doubled or left behind.
 */
package dev.sluice.chaos;
