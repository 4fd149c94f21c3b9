namespace KerasCompat.Runtime;

/// <summary>The axes in another order: axis i of the result is axis <c>Perm[i]</c> of the input. ONNX Transpose.</summary>
/// <param name="Perm">Every axis of the input once.</param>
public sealed record Transpose(EquatableList<int> Perm) : StridedOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        if (!Perm.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
        {
            throw inputs.Fail($"the order {Perm} of the axes of {x}", $"every axis from 0 to {x.Rank - 1} once");
        }

        return [new TensorType(inputs.DType(0), new SymbolicShape(Perm.Select(axis => x[axis])))];
    }

    internal override StridedCopy Layout(Shape x, Shape y)
    {
        int[] strides = x.Strides();
        return new StridedCopy(0, y.Dims, [.. Perm.Select(axis => strides[axis])]);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The axes in another order; the value itself where the order is as it was.</summary>
    public Value Transpose(Value x, EquatableList<int> perm)
    {
        EquatableList<int> axes = [.. perm.Select(axis => axis < 0 ? axis + x.Rank : axis)];
        return axes.SequenceEqual(Enumerable.Range(0, x.Rank)) ? x : Apply(new Transpose(axes), x);
    }

    /// <summary>Two axes exchanged.</summary>
    public Value SwapAxes(Value x, int first, int second)
    {
        int[] perm = [.. Enumerable.Range(0, x.Rank)];
        first = first < 0 ? first + x.Rank : first;
        second = second < 0 ? second + x.Rank : second;
        (perm[first], perm[second]) = (second, first);
        return Transpose(x, [.. perm]);
    }

    /// <summary>An axis moved to another place, the others kept in order, as numpy's <c>moveaxis</c>.</summary>
    public Value MoveAxis(Value x, int from, int to)
    {
        from = from < 0 ? from + x.Rank : from;
        List<int> perm = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != from)];
        perm.Insert(to < 0 ? to + x.Rank : to, from);
        return Transpose(x, [.. perm]);
    }
}
