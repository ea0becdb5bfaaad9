/** What a run will need, before it starts. */
package org.etalon.training.plan;
