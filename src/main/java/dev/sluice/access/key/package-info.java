/** API keys: made, listed, revoked, and recognised again by their hash. */
package dev.sluice.access.key;
