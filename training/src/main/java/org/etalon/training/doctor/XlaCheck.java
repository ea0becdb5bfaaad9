package org.etalon.training.doctor;

import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * Tries XLA with two calls that carry {@code _XlaMustCompile}: a sum of squares has to give its
 * value, and a function of an operation that XLA cannot compile has to be an error. The second
 * shows that the first was really compiled.
 */
final class XlaCheck {
  private XlaCheck() {}

  static Finding examine() {
    try {
      float squares = call((tf, x) -> tf.reduceSum(tf.math.square(x), tf.constant(0)));
      if (squares != 14f) {
        return Finding.warn("XLA", "1 + 4 + 9 gave " + squares + "; keep xla: off");
      }
    } catch (RuntimeException e) {
      return Finding.warn("XLA", "does not compile: " + firstLine(e) + "; keep xla: off");
    }
    try {
      call((tf, x) -> tf.strings.toNumber(tf.dtypes.asString(tf.reduceSum(x, tf.constant(0)))));
      return Finding.warn("XLA", "is not used: an operation it cannot compile ran; keep xla: off");
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage()).contains("unsupported operations")
          ? Finding.ok("XLA", "compiles, and refuses what it cannot compile")
          : Finding.warn("XLA", "fails: " + firstLine(e) + "; keep xla: off");
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private interface Body {
    Operand<TFloat32> build(Ops tf, Operand<TFloat32> x);
  }

  private static float call(Body body) {
    try (Graph graph = new Graph();
        ConcreteFunction function = ConcreteFunction.create(tf -> signature(tf, body));
        Session session = new Session(graph)) {
      FunctionDef definition = function.getFunctionDef();
      graph.importGraphDef(
          GraphDef.newBuilder()
              .setLibrary(FunctionDefLibrary.newBuilder().addFunction(definition))
              .build());
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat32.class);
      // Only on the call node is the attribute heeded; on the FunctionDef it is ignored.
      Operation compiled =
          graph
              .opBuilder(definition.getSignature().getName(), "compiled", tf.scope())
              .addInput(x.asOutput())
              .setAttr("_XlaMustCompile", true)
              .setAttr("_noinline", true)
              .build();
      try (TFloat32 value = TFloat32.vectorOf(1, 2, 3);
          var result = session.runner().feed(x, value).fetch(compiled.output(0)).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  private static Signature signature(Ops tf, Body body) {
    var x = tf.placeholder(TFloat32.class);
    return Signature.builder().input("x", x).output("y", body.build(tf, x)).build();
  }
}
