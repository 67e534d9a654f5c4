/** Runs the built artifact as real processes on real servers, for black-box tests. */
package dev.sluice.harness;
