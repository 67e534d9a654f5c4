package dev.sluice.autoscale;

/**
 * What a run came to.
 *
 * @param recovered seconds from the beginning of the burst until waits were under the bound for a minute
 * @param late requests or ingests that waited longer than was stated, of those from the beginning of the burst on that were not refused; ingests only of the burst
 * @param refused requests that met a full pod
 * @param longest the longest wait of the same in seconds: of a queue, the highest age of its oldest
 * @param first seconds that the very first ingest waited
 * @param mostPods the most pods there were
 * @param podSeconds seconds that pods were there, all together
 * @param waits the wait over time, in seconds: p99 of requests, or age of the queue
 * @param refusals requests refused in a second, over time
 * @param pods how many there were over time, ready or not
 */
record Outcome(
        double recovered,
        long late,
        long refused,
        double longest,
        double first,
        int mostPods,
        double podSeconds,
        Series waits,
        Series refusals,
        Series pods) {}
