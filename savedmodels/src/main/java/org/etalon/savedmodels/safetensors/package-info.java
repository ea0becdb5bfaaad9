/** Weights in the safetensors format: eight bytes of length, a JSON header, raw values. */
package org.etalon.savedmodels.safetensors;
