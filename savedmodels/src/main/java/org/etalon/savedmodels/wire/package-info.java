/** Requests and answers of an exported model as TensorFlow Serving's messages, for both ends. */
package org.etalon.savedmodels.wire;
