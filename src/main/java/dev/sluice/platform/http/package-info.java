/** What happens to a request and an answer on the wire, below routes and resources. Knows no feature. */
package dev.sluice.platform.http;
