/**
 * The conformance server: an exported SavedModel behind the gRPC and REST surface of TensorFlow
 * Serving, and an OpenAI-style one. It is not TensorFlow Serving; it stands in where that cannot be
 * had, and shows what clients may expect of it.
 *
 * <p>A request's way: {@code GrpcService}, or {@code HttpFront} and one of its handlers → {@code
 * Predictor}, which checks it → {@code Servable}, one loaded version → {@code RowBatcher}, which
 * runs rows of several requests together.
 */
package org.etalon.savedmodels.serve;
