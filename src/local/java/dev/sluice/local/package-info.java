/**
 * Real PostgreSQL and Redis for laptops and tests, without Docker. Test code: never part of the artifact.
 */
package dev.sluice.local;
