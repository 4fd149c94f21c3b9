using System.Globalization;
using KerasCompat.Layers;

namespace KerasCompat.Convert.Report;

/// <summary>Shapes as Keras prints them, with a dot for sizes that a call decides.</summary>
internal static class ShapeText
{
    public static string OfOutputs(Layer layer, IReadOnlyList<KerasTensor> outputs) => outputs.Count == 0 && layer is InputLayer input
        ? Parenthesized(input.BatchShape.Select(d => d?.ToString(CultureInfo.InvariantCulture)))
        : string.Join(", ", outputs.Select(o => Parenthesized(o.Shape.Select(d => d.ValueOrNull?.ToString(CultureInfo.InvariantCulture)))));

    private static string Parenthesized(IEnumerable<string?> sizes) => $"({string.Join(", ", sizes.Select(s => s ?? "·"))})";
}
