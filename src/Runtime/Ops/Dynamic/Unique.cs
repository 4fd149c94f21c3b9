namespace KerasCompat.Runtime;

/// <summary>
/// The different elements (along an axis: slices), each once. ONNX Unique. Outputs: the elements; where each is met first; for
/// each input element the place of its equal in the result; how often each is met. The last three are int64 of rank 1.
/// NaN equals NaN, as numpy's <c>unique</c> has it.
/// </summary>
/// <param name="Axis">The axis; null takes all elements as one line.</param>
/// <param name="Sorted">Whether the result is in ascending order; else in the order of first meeting.</param>
public sealed record Unique(int? Axis = null, bool Sorted = true) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        Dim count = inputs.FreshSymbol("unique");
        var vector = new TensorType(DType.Int64, new SymbolicShape(count));
        return
        [
            new TensorType(inputs.DType(0), Axis is { } axis ? x.With(inputs.Axis(axis, x.Rank), count) : new SymbolicShape(count)),
            vector,
            new TensorType(DType.Int64, new SymbolicShape(Axis is { } own ? x[own] : x.ElementCount)),
            vector,
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = Axis is null ? inputs[0]!.Reshape(new Shape(inputs[0]!.Length)) : inputs[0]!;
        int axis = Axis ?? 0, size = x.Shape[axis];
        Comparison<int> compare = Slices(x, AxisLines.Of(x.Shape, axis));
        int[] order = [.. Enumerable.Range(0, size).OrderBy(i => i, Comparer<int>.Create(compare))];

        // Runs of equals in the order; the sort is stable, so each run begins with the one met first.
        var firsts = new List<int>();
        var group = new int[size];
        for (int i = 0; i < size; i++)
        {
            if (i == 0 || compare(order[i - 1], order[i]) != 0)
            {
                firsts.Add(order[i]);
            }

            group[order[i]] = firsts.Count - 1;
        }

        int[] ranks = Sorted ? [.. Enumerable.Range(0, firsts.Count)] : [.. Enumerable.Range(0, firsts.Count).OrderBy(i => firsts[i])];
        var placeOf = new int[ranks.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            placeOf[ranks[i]] = i;
        }

        int[] places = [.. ranks.Select(i => firsts[i])];
        long[] inverse = [.. group.Select(g => (long)placeOf[g])];
        var counts = new long[places.Length];
        foreach (long place in inverse)
        {
            counts[place]++;
        }

        return [Compress.Take(x, places, axis), Vector(places), Tensor.From(inverse, inverse.Length), Tensor.From(counts, counts.Length)];
    }

    private static Tensor<long> Vector(int[] numbers) => Tensor.From(numbers.Select(n => (long)n).ToArray(), numbers.Length);

    /// <summary>The order of slices, decided by their first elements that differ.</summary>
    private static Comparison<int> Slices(Tensor x, AxisLines lines)
    {
        Comparison<int> elements = Elements(x);
        return (a, b) =>
        {
            for (int outer = 0; outer < lines.Outer; outer++)
            {
                for (int inner = 0; inner < lines.Inner; inner++)
                {
                    int begin = (outer * lines.Size * lines.Inner) + inner;
                    if (elements(begin + (a * lines.Inner), begin + (b * lines.Inner)) is var order && order != 0)
                    {
                        return order;
                    }
                }
            }

            return 0;
        };
    }

    private static Comparison<int> Elements(Tensor x)
    {
        if (x is Tensor<string> texts)
        {
            return (a, b) => string.CompareOrdinal(texts.Span[a], texts.Span[b]);
        }

        if (x.DType.IsFloating())
        {
            Tensor<double> numbers = x.Cast(DType.Float64).As<double>();
            return (a, b) => LineLoop.Compare(numbers.Span[a], numbers.Span[b]);
        }

        if (x.DType == DType.UInt64)
        {
            Tensor<ulong> large = x.As<ulong>();
            return (a, b) => large.Span[a].CompareTo(large.Span[b]);
        }

        Tensor<long> integers = x.Cast(DType.Int64).As<long>();
        return (a, b) => integers.Span[a].CompareTo(integers.Span[b]);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The different elements, where each is met first, for each input element its equal's place, and how often each is met.</summary>
    public UniqueResult Unique(Value x, bool sorted = true, int? axis = null)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new Unique(axis, sorted), x);
        return new UniqueResult(outputs[0], outputs[1], outputs[2], outputs[3]);
    }
}

/// <summary>The different elements of a value.</summary>
/// <param name="Values">Each once.</param>
/// <param name="Indices">Where each is met first.</param>
/// <param name="Inverse">For each element of the value the place of its equal among <paramref name="Values"/>.</param>
/// <param name="Counts">How often each is met.</param>
public sealed record UniqueResult(Value Values, Value Indices, Value Inverse, Value Counts);
