/** What modules with native libraries provide. It is of no use to anybody else. */
package dev.landbridge.spi;
