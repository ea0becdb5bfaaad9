/** Models for serving. */
package org.etalon.training.export;
