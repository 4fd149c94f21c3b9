using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The key <c>interpolation</c>.</summary>
internal static class Interpolations
{
    private static readonly Dictionary<string, Interpolation> Names = new(StringComparer.Ordinal)
    {
        ["nearest"] = Interpolation.Nearest,
        ["bilinear"] = Interpolation.Bilinear,
        ["bicubic"] = Interpolation.Bicubic,
        ["lanczos3"] = Interpolation.Lanczos3,
        ["lanczos5"] = Interpolation.Lanczos5,
        ["area"] = Interpolation.Area,
        ["gaussian"] = Interpolation.Gaussian,
        ["mitchellcubic"] = Interpolation.MitchellCubic,
    };

    /// <summary>Reads the key.</summary>
    public static Interpolation Read(LayerConfig config, string fallback)
    {
        string name = config.String("interpolation", fallback);
        return Names.TryGetValue(name.ToLowerInvariant(), out Interpolation interpolation)
            ? interpolation
            : throw config.Wrong("interpolation", name, $"one of {string.Join(", ", Names.Keys)}");
    }
}
