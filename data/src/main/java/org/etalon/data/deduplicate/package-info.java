/** Removal of problems that ask the same as another one. */
package org.etalon.data.deduplicate;
