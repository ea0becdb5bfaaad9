package org.etalon.savedmodels.serve;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.etalon.savedmodels.export.ServedModel;

/**
 * A small model behind a running server, and loaded beside it to compare with.
 *
 * @param model what the server has to answer
 */
record TinyServer(TinyModel tiny, ServedModel model, ServerFixture server)
    implements AutoCloseable {
  /** Serves the usual small model. */
  static TinyServer start(Path base, UnaryOperator<ServerOptions> options) {
    return start(new TinyModel(), base, options);
  }

  /**
   * Serves a model.
   *
   * @param tiny closed with the server
   */
  static TinyServer start(TinyModel tiny, Path base, UnaryOperator<ServerOptions> options) {
    ServedModel model = ServedModel.load(tiny.write(base, 1));
    var server = new ServerFixture(options.apply(ServerOptions.local(base, ServerFixture.NAME)));
    return new TinyServer(tiny, model, server);
  }

  @Override
  public void close() {
    server.close();
    model.close();
    tiny.close();
  }
}
