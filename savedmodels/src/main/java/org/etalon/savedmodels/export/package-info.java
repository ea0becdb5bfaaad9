/** SavedModels for TensorFlow Serving: written by our own protobufs, read by the plain loader. */
package org.etalon.savedmodels.export;
