/** A trained model at work: responses to prompts, and the log-probabilities of given texts. */
package org.etalon.training.generate;
