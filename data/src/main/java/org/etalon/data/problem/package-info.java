/** Problems and their files. */
package org.etalon.data.problem;
