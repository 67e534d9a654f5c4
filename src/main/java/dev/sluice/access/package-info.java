/**
 * Who is let in: keys for programs, sessions for people, limits for both. Every request passes {@link
 * dev.sluice.access.Gate}, which asks what the features have declared with the annotations of {@code platform.identity}.
 */
package dev.sluice.access;
