/**
 * Models in the GGUF format of llama.cpp, in and out: the container, its block-quantised types, and
 * the two ways between its names and metadata and those of Hugging Face.
 */
package org.etalon.savedmodels.gguf;
