/**
 * Builds what is in {@code kubernetes/} as an operator would, and holds it to the models of the APIs and to rules of our own. It
 * needs {@code kubectl}, and no cluster.
 */
package dev.sluice.deploy;
