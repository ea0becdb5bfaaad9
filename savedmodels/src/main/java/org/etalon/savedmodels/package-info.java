/**
 * Models as files: model folders in Hugging Face's layout, and SavedModels that serve.
 *
 * <p>May use the modules {@code graph} and {@code data}, nothing else of ours.
 */
package org.etalon.savedmodels;
