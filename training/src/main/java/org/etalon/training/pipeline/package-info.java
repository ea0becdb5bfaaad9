/** All stages in order. */
package org.etalon.training.pipeline;
