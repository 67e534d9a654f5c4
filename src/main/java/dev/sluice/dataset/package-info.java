/**
 * Datasets, their versions and the segments those are made of: the catalog, its resource, and {@link
 * dev.sluice.dataset.Publish}, the only writer of a dataset's current version. Knows nothing of how rows arrive.
 */
package dev.sluice.dataset;
