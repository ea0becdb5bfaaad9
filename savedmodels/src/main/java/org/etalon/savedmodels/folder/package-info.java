/** Etalon's model folder: what stages hand on and what Hugging Face's libraries load. */
package org.etalon.savedmodels.folder;
