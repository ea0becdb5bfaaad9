/** A model with its tokenizer, ready to sample and to train: what every stage works with. */
package org.etalon.training.policy;
