package org.etalon.savedmodels.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.error.Code;

class ProtosTest {
  @Test
  void tensorsAndSignaturesAreTensorFlowJavasOwn() {
    assertSame(TensorProto.getDescriptor(), valueOf(PredictRequest.getDescriptor(), "inputs"));
    assertSame(TensorProto.getDescriptor(), valueOf(PredictResponse.getDescriptor(), "outputs"));
    assertSame(
        SignatureDef.getDescriptor(), valueOf(SignatureDefMap.getDescriptor(), "signature_def"));
    assertSame(
        Code.getDescriptor(),
        StatusProto.getDescriptor().findFieldByName("error_code").getEnumType());
  }

  private static Descriptor valueOf(Descriptor message, String map) {
    return message.findFieldByName(map).getMessageType().findFieldByName("value").getMessageType();
  }

  @Test
  void servicesHaveTensorFlowServingsNames() {
    assertEquals(
        "tensorflow.serving.PredictionService/Predict",
        PredictionServiceGrpc.getPredictMethod().getFullMethodName());
    assertEquals(
        "tensorflow.serving.PredictionService/GetModelMetadata",
        PredictionServiceGrpc.getGetModelMetadataMethod().getFullMethodName());
    assertEquals(
        "tensorflow.serving.ModelService/GetModelStatus",
        ModelServiceGrpc.getGetModelStatusMethod().getFullMethodName());
    assertEquals(
        "tensorflow.serving.ModelService/HandleReloadConfigRequest",
        ModelServiceGrpc.getHandleReloadConfigRequestMethod().getFullMethodName());
  }

  /** Written down byte by byte from the field numbers, not by a protobuf library. */
  @Test
  void aRequestReadsItsBytes() throws Exception {
    String spec = "0a016d" + "12020803" + "1a0173"; // name m, version 3, signature s
    String tensor = "0803" + "1204" + "12020801" + "2204" + "2a000000"; // DT_INT32 [1] content 42
    String entry = "0a0378797a" + "120e" + tensor; // xyz
    String bytes = "0a0a" + spec + "1215" + entry + "1a036f7574"; // output_filter out
    PredictRequest request =
        PredictRequest.parseFrom(ByteString.copyFrom(HexFormat.of().parseHex(bytes)));
    assertEquals("m", request.getModelSpec().getName());
    assertEquals(3, request.getModelSpec().getVersion().getValue());
    assertEquals("s", request.getModelSpec().getSignatureName());
    TensorProto value = request.getInputsOrThrow("xyz");
    assertEquals(DataType.DT_INT32, value.getDtype());
    assertEquals(1, value.getTensorShape().getDim(0).getSize());
    assertEquals(42, value.getTensorContent().byteAt(0));
    assertEquals("out", request.getOutputFilter(0));
  }
}
