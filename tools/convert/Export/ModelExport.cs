using KerasCompat.Onnx;

namespace KerasCompat.Convert.Export;

/// <summary>A model as ONNX, with Keras's names.</summary>
internal static class ModelExport
{
    public static OnnxModel ToOnnx(KerasModel model, OnnxExportOptions? options = null) => OnnxExporter.Export(
        model.Graph, (options ?? new OnnxExportOptions()) with { Name = model.Name, OutputNames = [.. model.Outputs.Select(o => o.Name)] });
}
