package dev.sluice.autoscale;

/**
 * The deployment {@code sluice-worker} and what it is given to do.
 *
 * @param ingest seconds that an ingest takes
 * @param target queued and running ingests that there are to be for each pod
 * @param polling {@code pollingInterval}, seconds
 */
record WorkerSettings(Load load, double ingest, double target, int most, double schedule, double polling) {}
