/**
 * Simulates how Kubernetes scales the processes of this service when work becomes ten times as much. It knows the autoscaler's rules and
 * measured times, and nothing of the service's code. All times are seconds since the simulation began, unless a name says otherwise.
 */
package dev.sluice.autoscale;
