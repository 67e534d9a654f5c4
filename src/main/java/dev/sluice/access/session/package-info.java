/**
 * Sessions: what is known of a person who has signed in, in a store outside of every process, until it expires there. Any
 * process serves any of them.
 */
package dev.sluice.access.session;
