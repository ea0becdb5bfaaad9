/**
 * The steps of the data pipeline that filter, label and select; each also works without a recipe.
 */
package org.etalon.data.prepare.step;
