/** Who works on what, until when: claim, heartbeat, fencing token. Knows no kind of job. */
package dev.sluice.lease;
