package io.lepton.tf;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphImportGraphDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_ImportGraphDefOptionsSetDefaultDevice;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_ImportGraphDefOptions;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;

/** A graph imported from bytes and one session on it, through the public C API. */
final class NativeSession implements AutoCloseable {
  private final TF_Graph graph;
  private final TF_Session session;
  private boolean closed;

  @SuppressWarnings("try")
  NativeSession(byte[] graphDef, SessionOptions settings) {
    byte[] configProto = settings.toConfigProto().toByteArray();
    try (PointerScope scope = new PointerScope()) {
      graph = TF_Graph.newGraph().retainReference();
      TF_Status status = TF_Status.newStatus();
      TF_Buffer buffer = TF_Buffer.newBufferFromString(new BytePointer(graphDef));
      TF_ImportGraphDefOptions imports = TF_ImportGraphDefOptions.newImportGraphDefOptions();
      TF_ImportGraphDefOptionsSetDefaultDevice(imports, settings.device());
      TF_GraphImportGraphDef(graph, buffer, imports, status);
      status.throwExceptionIfNotOK();
      TF_SessionOptions options = TF_NewSessionOptions();
      TF_SetConfig(options, new BytePointer(configProto), configProto.length, status);
      status.throwExceptionIfNotOK();
      session = TF_NewSession(graph, options, status);
      TF_DeleteSessionOptions(options);
      status.throwExceptionIfNotOK();
    }
  }

  TF_Session handle() {
    return session;
  }

  TF_Operation operation(String name) {
    TF_Operation operation = TF_GraphOperationByName(graph, name);
    if (operation == null || operation.isNull()) {
      throw new IllegalArgumentException(
          "a port must name an operation of the program's graph, but was: " + name);
    }
    return operation;
  }

  /** Variables go with the session; what they lent goes back to its owners. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (TF_Status status = TF_Status.newStatus()) {
      TF_CloseSession(session, status);
      TF_DeleteSession(session, status);
      graph.releaseReference();
    }
  }
}
