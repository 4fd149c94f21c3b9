using KerasCompat.Onnx;

namespace KerasCompat.Convert.Export;

/// <summary>A model as ONNX, with Keras's names.</summary>
internal static class ModelExport
{
    public static OnnxModel ToOnnx(KerasModel model, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        return OnnxExporter.Export(model.Graph, new OnnxExportOptions
        {
            Opset = options.Opset,
            Name = model.Name,
            OutputNames = [.. model.Outputs.Select(o => o.Name)],
            WeightType = options.WeightType,
            FixedSizes = options.FixedSizes,
            ChannelsFirstInputs = options.ChannelsFirstInputs,
            Metadata = options.Metadata,
        });
    }
}
