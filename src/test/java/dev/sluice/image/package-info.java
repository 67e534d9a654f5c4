/** What a native image needs, as far as it shows without a compiler of one. */
package dev.sluice.image;
