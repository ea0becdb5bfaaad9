/** Spectrum phase: supervised distillation. */
package org.etalon.training.sft;
