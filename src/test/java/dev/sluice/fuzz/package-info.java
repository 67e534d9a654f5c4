/**
 * Sends processes what a hostile client might, half of it grammatical, and checks that each answer is one that a client can
 * make sense of. In texts that stand for what goes over the wire every character is one byte.
 */
package dev.sluice.fuzz;
