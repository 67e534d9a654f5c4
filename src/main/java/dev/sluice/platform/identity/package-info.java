/**
 * Who asks, and what that takes: what every feature needs to know of access control. How a caller proves who it is, and
 * what it may do, is decided in {@code dev.sluice.access}.
 */
package dev.sluice.platform.identity;
