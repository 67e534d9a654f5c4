/** The memory that answers of this process hold, as one account. Knows no feature. */
package dev.sluice.platform.memory;
