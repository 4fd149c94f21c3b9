namespace KerasCompat.Runtime;

/// <summary>
/// Zeros put around an image before a convolution are the convolution's own padding. Before a maximum they are, too, where no number is
/// below zero: each window then still has a number that is at least the zeros'.
/// </summary>
internal sealed class AbsorbPadding : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        if (node.Inputs.ElementAtOrDefault(0)?.Producer is not { Op: Pad { Mode: PadMode.Constant, Value: 0 } pad } padding || !IsSpatial(pad))
        {
            return null;
        }

        Padding given = Padding.Explicit([.. pad.Before.Skip(1).SkipLast(1)], [.. pad.After.Skip(1).SkipLast(1)]);
        Op? op = node.Op switch
        {
            Conv { Padding.Mode: PaddingMode.Valid } conv => conv with { Padding = given },
            DepthwiseConv { Padding.Mode: PaddingMode.Valid } conv => conv with { Padding = given },
            MaxPool { Padding.Mode: PaddingMode.Valid } pool when IsNeverNegative(padding.Inputs[0]!) && LeavesAnImage(pool, pad) => pool with { Padding = given },
            _ => null,
        };
        return op is null ? null : [graph.Builder.Apply(op, [inputs[0]!.Producer is { Op: Pad } same ? same.Inputs[0] : padding.Inputs[0], .. inputs.Skip(1)])];
    }

    private static bool IsSpatial(Pad pad) =>
        pad.Before[0] == 0 && pad.After[0] == 0 && pad.Before[^1] == 0 && pad.After[^1] == 0 && pad.Before.Concat(pad.After).All(p => p >= 0);

    private static bool IsNeverNegative(Value value) => value.Producer?.Op is Relu or Clip { Low: >= 0 };

    private static bool LeavesAnImage(MaxPool pool, Pad pad) =>
        pool.Size.Select((size, axis) => size > Math.Max(pad.Before[axis + 1], pad.After[axis + 1])).All(sees => sees);
}
