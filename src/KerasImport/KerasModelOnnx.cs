using KerasCompat.Onnx;

namespace KerasCompat;

/// <summary>A model as ONNX, with Keras's names.</summary>
public static class KerasModelOnnx
{
    /// <summary>The model as ONNX.</summary>
    /// <exception cref="UnsupportedModelException">ONNX cannot say it; every such operator is named.</exception>
    /// <exception cref="OperationCanceledException"><see cref="OnnxExportOptions.CancellationToken"/> asked to stop.</exception>
    public static OnnxModel ToOnnx(this KerasModel model, OnnxExportOptions? options = null) => OnnxExporter.Export(
        model.Graph, (options ?? new OnnxExportOptions()) with { Name = model.Name, OutputNames = [.. model.Outputs.Select(o => o.Name)] });

    /// <summary>Writes the model as an ONNX file; nothing runs it to check.</summary>
    /// <inheritdoc cref="ToOnnx"/>
    public static void ExportOnnx(this KerasModel model, string path, OnnxExportOptions? options = null) =>
        model.ToOnnx(options).Save(path, cancellationToken: options?.CancellationToken ?? default);
}
