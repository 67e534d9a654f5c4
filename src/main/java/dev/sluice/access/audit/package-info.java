/** The audit: read, divided into months that end after their time, and kept from being filled by sign-ins that are refused. */
package dev.sluice.access.audit;
