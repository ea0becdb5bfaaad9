/**
 * Clients of a served model, over gRPC or REST: TensorFlow Serving's or the conformance server's.
 */
package org.etalon.savedmodels.client;
