package org.etalon.graph.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * The two custom calls by which XLA for GPUs reaches cuDNN's flash attention, as of TensorFlow
 * 2.18. XLA's pass {@code CuDnnCustomCallCompiler} turns each into a cuDNN graph and gives the
 * workspace, the last result, its size.
 *
 * <p>Sources: XLA, {@code service/gpu/transforms/cudnn_custom_call_compiler.cc} (order of operands
 * and results), {@code service/gpu/backend_configs.proto} (the fields; those of 2.18's own library
 * were read from its descriptor), {@code service/gpu/cublas_cudnn.cc} (targets).
 *
 * <p>All tensors are logically and physically [B, N, T, H], row-major: {@code XlaCustomCallV2}
 * gives operands and results that layout.
 */
final class CudnnAttention {
  static final String FORWARD = "__cudnn$fmhaSoftmax";
  static final String BACKWARD = "__cudnn$fmhaSoftmaxBackward";

  private CudnnAttention() {}

  /**
   * What the forward call gives.
   *
   * @param statistics_BNT ln Σ exp of each row's scores, for the backward call
   */
  record Result(Operand<TBfloat16> values_BNTH, Operand<TFloat32> statistics_BNT) {}

  /** Causal softmax(q kᵀ) v; q is scaled already. */
  @SuppressWarnings("unchecked") // the types asked for
  static Result forward(
      Ops tf, Operand<TBfloat16> q_BNTH, Operand<TBfloat16> k_BKTH, Operand<TBfloat16> v_BKTH) {
    Shape q = q_BNTH.shape();
    GraphOperation call =
        call(
            tf,
            FORWARD,
            configuration(q, FORWARD_PRODUCTS),
            List.of(q_BNTH, k_BKTH, v_BKTH),
            List.of(
                new Slot(DataType.DT_BFLOAT16, q),
                new Slot(DataType.DT_FLOAT, Shape.of(q.get(0), q.get(1), q.get(2))),
                WORKSPACE));
    return new Result(
        (Operand<TBfloat16>) (Operand<?>) call.output(0),
        (Operand<TFloat32>) (Operand<?>) call.output(1));
  }

  /** Gradients by q, k and v. */
  @SuppressWarnings("unchecked") // the types asked for
  static List<Operand<TBfloat16>> backward(
      Ops tf,
      Operand<TBfloat16> q_BNTH,
      Operand<TBfloat16> k_BKTH,
      Operand<TBfloat16> v_BKTH,
      Result out,
      Operand<TBfloat16> dOut_BNTH) {
    GraphOperation call =
        call(
            tf,
            BACKWARD,
            configuration(q_BNTH.shape(), BACKWARD_PRODUCTS),
            List.of(q_BNTH, k_BKTH, v_BKTH, out.statistics_BNT(), dOut_BNTH, out.values_BNTH()),
            List.of(
                new Slot(DataType.DT_BFLOAT16, q_BNTH.shape()),
                new Slot(DataType.DT_BFLOAT16, k_BKTH.shape()),
                new Slot(DataType.DT_BFLOAT16, v_BKTH.shape()),
                WORKSPACE));
    return IntStream.range(0, 3)
        .mapToObj(i -> (Operand<TBfloat16>) (Operand<?>) call.output(i))
        .toList();
  }

  /** A result of a call. */
  private record Slot(DataType type, Shape shape) {}

  private static final Slot WORKSPACE = new Slot(DataType.DT_UINT8, Shape.of(0));

  private static GraphOperation call(
      Ops tf, String target, String configuration, List<Operand<?>> operands, List<Slot> results) {
    Graph graph = (Graph) tf.scope().env();
    return graph
        .opBuilder("XlaCustomCallV2", tf.scope().makeOpName("cudnn"), tf.scope())
        .addInputList(operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new))
        .setAttr("call_target_name", target)
        .setAttr("backend_config", configuration)
        .setAttr("has_side_effect", false)
        .setAttr("result_dtypes", results.stream().map(Slot::type).toArray(DataType[]::new))
        .setAttr("result_shapes", results.stream().map(Slot::shape).toArray(Shape[]::new))
        .build();
  }

  /**
   * A batched product within attention, S the scores and P their softmax: its name, and the
   * dimension that is summed over in either factor. The first two dimensions are batches.
   */
  private record Product(String name, int left, int right) {
    String json() {
      return """
          "%s": {"lhs_contracting_dimensions": ["%d"], "rhs_contracting_dimensions": ["%d"], \
          "lhs_batch_dimensions": ["0", "1"], "rhs_batch_dimensions": ["0", "1"]}"""
          .formatted(name, left, right);
    }
  }

  private static final List<Product> FORWARD_PRODUCTS =
      List.of(
          new Product("bmm1_dot_dimension_numbers", 3, 3), // Q Kᵀ = S
          new Product("bmm2_dot_dimension_numbers", 3, 2)); // P V

  private static final List<Product> BACKWARD_PRODUCTS =
      List.of(
          new Product("bmm1_grad_gemm1_dot_dimension_numbers", 2, 2), // dSᵀ Q
          new Product("bmm1_grad_gemm2_dot_dimension_numbers", 3, 2), // dS K
          new Product("bmm2_grad_gemm1_dot_dimension_numbers", 2, 2), // Pᵀ dO
          new Product("bmm2_grad_gemm2_dot_dimension_numbers", 3, 3)); // dO Vᵀ

  /**
   * A {@code GpuBackendConfig} in JSON. 64-bit numbers are text, as protobuf's JSON has them. The
   * algorithm is a form that JAX fills in too; the compiler of 2.18 does not read it.
   */
  private static String configuration(Shape q_BNTH, List<Product> products) {
    long t = q_BNTH.get(2);
    String dots = String.join(", ", products.stream().map(Product::json).toList());
    return String.format(
        Locale.ROOT,
        """
        {"operation_queue_id": "0", "wait_on_operation_queues": [], \
        "cudnn_fmha_backend_config": {\
        "algorithm": {"algo_id": "0", "math_type": "TENSOR_OP_MATH", "is_cudnn_frontend": true}, \
        "fmha_scale": 1.0, "dropout_rate": 0.0, "seed": "0", \
        "is_flash_attention": true, "mask_type": "CAUSAL", "sliding_window_length": 0, \
        "intermediate_tensor_shape": {"element_type": "BF16", \
        "dimensions": ["%d", "%d", "%d", "%d"], "tuple_shapes": [], \
        "layout": {"minor_to_major": ["3", "2", "1", "0"]}, \
        "is_dynamic_dimension": [false, false, false, false]}, %s}}""",
        q_BNTH.get(0),
        q_BNTH.get(1),
        t,
        t,
        dots);
  }
}
