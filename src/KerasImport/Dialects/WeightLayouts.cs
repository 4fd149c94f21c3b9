using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Conversions from the arrays a file stores for a layer to the canonical ones.</summary>
internal static class WeightLayouts
{
    /// <summary>Arrays a file stores for a layer of so many canonical weights.</summary>
    public static int StoredCount(string layout, int canonicalCount) => throw Unknown(layout);

    /// <summary>Converts a layer's stored arrays.</summary>
    public static IReadOnlyList<Tensor> Convert(IReadOnlyList<string> layouts, IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> canonicalShapes) => throw Unknown(layouts[0]);

    private static UnsupportedModelException Unknown(string layout) => new("weight_layout", layout, "a known weight layout");
}
