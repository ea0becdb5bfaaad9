/**
 * Preparation of problem sets: a {@link org.etalon.data.prepare.Recipe} names inputs, steps and
 * outputs, a {@link org.etalon.data.prepare.Preparation} streams problems through them, a {@link
 * org.etalon.data.prepare.PreparedFolder} is what it leaves.
 */
package org.etalon.data.prepare;
