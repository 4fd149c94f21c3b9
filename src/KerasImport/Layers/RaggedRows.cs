using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Rows of different lengths, as they go through layers: a padded tensor whose padding means nothing, and a length for each row.</summary>
internal static class RaggedRows
{
    /// <summary>The row lengths that a layer's inputs share, where its rule leaves them to the caller; null where no input is ragged.</summary>
    /// <exception cref="UnsupportedModelException">The layer takes no ragged inputs, or these do not fit together.</exception>
    public static Value? SharedLengths(Layer layer, CallArguments arguments)
    {
        KerasTensor[] tensors = [.. arguments.Positional.Concat(arguments.Named.Values).SelectMany(a => a.Tensors())];
        if (tensors.FirstOrDefault(t => t.Lengths is not null) is not { } ragged)
        {
            return null;
        }

        switch (layer.RaggedRuleOf(ragged.Shape.Rank))
        {
            case RaggedRule.Computes:
                return null;
            case RaggedRule.Refuses:
                throw Refused(layer, $"a ragged input of shape {ragged.Shape}", "a dense input");
            case RaggedRule.Passes when tensors.Any(t => t.Lengths != ragged.Lengths):
                throw Refused(layer, "inputs with rows of different lengths, or ragged and dense ones", "ragged inputs that stem from the same rows");
            default:
                return ragged.Lengths;
        }
    }

    /// <summary>True where a step lies within its row: <c>(batch, time)</c>.</summary>
    public static Value Mask(GraphBuilder g, KerasTensor ragged) =>
        g.Less(g.Range(ragged.Shape[1]), g.ExpandDims(ragged.Lengths!, 1));

    /// <summary>The padded tensor with a number in place of what lies beyond the rows.</summary>
    public static Value Filled(GraphBuilder g, KerasTensor ragged, double fill) => ragged.Value.DType == DType.String
        ? ragged.Value
        : g.Where(MaskOfElements(g, ragged), ragged.Value, g.Scalar(fill, ragged.Value.DType));

    private static Value MaskOfElements(GraphBuilder g, KerasTensor ragged) =>
        g.Reshape(Mask(g, ragged), new SymbolicShape([ragged.Shape[0], ragged.Shape[1], .. Enumerable.Repeat(Dim.One, ragged.Shape.Rank - 2)]));

    private static UnsupportedModelException Refused(Layer layer, string found, string expected) =>
        new(layer.Config.Place, found, expected, "make it dense in the model before this layer: x.to_tensor()");
}
