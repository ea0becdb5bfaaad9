/** Preparation of problem sets: recipes of steps over streams of problems. */
package org.etalon.data.prepare;
