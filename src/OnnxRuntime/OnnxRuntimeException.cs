namespace KerasCompat.OnnxRuntime;

/// <summary>ONNX Runtime refused a model or a call; the message is its own.</summary>
public sealed class OnnxRuntimeException(string message) : Exception(message);
