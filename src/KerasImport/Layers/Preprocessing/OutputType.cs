using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The key <c>output_dtype</c>: the element type of what a preprocessing layer gives.</summary>
internal static class OutputType
{
    /// <summary>Reads the key.</summary>
    public static DType Read(LayerConfig config, DType fallback) => config.StringOrNull("output_dtype") is not { } name ? fallback
        : DTypes.TryParse(name, out DType type) ? type
        : throw config.Wrong("output_dtype", name, "an element type");
}
