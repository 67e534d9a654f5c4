/** What clients are told when something does not work. Pure: knows no HTTP library, database or feature. */
package dev.sluice.platform.problem;
