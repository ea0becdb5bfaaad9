"""Asks a server of an exported model through the stubs of TensorFlow Serving's own Python package.

    pip install tensorflow-serving-api==2.18.*    # brings tensorflow; its protobufs are needed
    etalon serve --model DIR --name NAME &
    python stock_stubs.py 127.0.0.1:8500 http://127.0.0.1:8501 NAME

Prints one line a check; the answers over gRPC and REST must be the same.
"""

import json
import sys
import urllib.request

import grpc
import numpy as np
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2
from tensorflow_serving.apis import model_service_pb2_grpc, predict_pb2
from tensorflow_serving.apis import prediction_service_pb2_grpc

TYPES = {np.dtype(np.int32): types_pb2.DT_INT32, np.dtype(np.int64): types_pb2.DT_INT64,
         np.dtype(np.float32): types_pb2.DT_FLOAT}
INPUTS = {
    "ids": np.array([[5, 9, 300, 41], [17, 0, 0, 0], [8, 8, 0, 0]], np.int32),
    "lengths": np.array([4, 1, 2], np.int32),
    "temperature": np.array([0, 1, 0.75], np.float32),
    "top_k": np.array([0, 20, 0], np.int32),
    "top_p": np.array([1, 1, 0.875], np.float32),
    "seed": np.array([0, 7, -7], np.int64),
    "max_new_tokens": np.array([12, 12, 5], np.int32),
}


def tensor(array):
    proto = tensor_pb2.TensorProto(dtype=TYPES[array.dtype], tensor_content=array.tobytes())
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


def array(proto):
    kinds = {number: dtype for dtype, number in TYPES.items()}
    shape = [dim.size for dim in proto.tensor_shape.dim]
    return np.frombuffer(proto.tensor_content, kinds[proto.dtype]).reshape(shape)


def request(name, inputs):
    asked = predict_pb2.PredictRequest()
    asked.model_spec.name = name
    asked.model_spec.signature_name = "serving_default"
    for key, value in inputs.items():
        asked.inputs[key].CopyFrom(tensor(value))
    return asked


def code(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


def main(address, rest, name):
    channel = grpc.insecure_channel(address)
    predictions = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    models = model_service_pb2_grpc.ModelServiceStub(channel)

    answer = predictions.Predict(request(name, INPUTS), timeout=120)
    got = {key: array(value) for key, value in answer.outputs.items()}
    print("version", answer.model_spec.version.value, "lengths", got["lengths"].tolist())

    body = json.dumps({"inputs": {key: value.tolist() for key, value in INPUTS.items()}})
    url = f"{rest}/v1/models/{name}:predict"
    with urllib.request.urlopen(urllib.request.Request(url, body.encode()), timeout=120) as reply:
        other = json.load(reply)["outputs"]
    for row, length in enumerate(got["lengths"]):
        ids = got["ids"][row, :length].tolist()
        assert ids == other["ids"][row][:length], (ids, other["ids"][row])
        assert np.allclose(got["logprobs"][row, :length], other["logprobs"][row][:length],
                           atol=1e-5), row
    print("gRPC and REST agree:", [got["ids"][row, :length].tolist()
                                   for row, length in enumerate(got["lengths"])])

    wanted = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    wanted.model_spec.name = name
    signatures = get_model_metadata_pb2.SignatureDefMap()
    predictions.GetModelMetadata(wanted, timeout=30).metadata["signature_def"].Unpack(signatures)
    print("signatures", sorted(signatures.signature_def))
    assert {"serving_default", "score"} <= set(signatures.signature_def)

    status = get_model_status_pb2.GetModelStatusRequest()
    status.model_spec.name = name
    states = models.GetModelStatus(status, timeout=30).model_version_status
    print("states", [(s.version, get_model_status_pb2.ModelVersionStatus.State.Name(s.state))
                     for s in states])

    wrong = dict(INPUTS, ids=INPUTS["ids"].astype(np.int64))
    bad = {
        "wrong type": code(lambda: predictions.Predict(request(name, wrong), timeout=30)),
        "unknown model": code(lambda: predictions.Predict(request("no" + name, INPUTS),
                                                          timeout=30)),
    }
    print("codes", bad)
    assert bad == {"wrong type": "INVALID_ARGUMENT", "unknown model": "NOT_FOUND"}


if __name__ == "__main__":
    main(*sys.argv[1:])
