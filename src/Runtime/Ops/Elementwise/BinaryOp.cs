using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that computes each element from two elements, with numpy's broadcasting. Both inputs have one element type.</summary>
public abstract record BinaryOp : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        if (inputs.DType(0) != inputs.DType(1))
        {
            throw inputs.Fail($"{inputs.DType(0).Name()} and {inputs.DType(1).Name()}", "inputs of one element type");
        }

        return [new TensorType(ResultType(inputs.DType(0)), inputs.Broadcast(inputs.Shape(0), inputs.Shape(1)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs)
    {
        if (inputs.Content(0) is not { } a || inputs.Content(1) is not { } b || (a.Count != b.Count && a.Count != 1 && b.Count != 1))
        {
            return null;
        }

        var sizes = new Dim[Math.Max(a.Count, b.Count)];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (Content(a[a.Count == 1 ? 0 : i], b[b.Count == 1 ? 0 : i]) is not { } size)
            {
                return null;
            }

            sizes[i] = size;
        }

        return sizes;
    }

    /// <summary>The element type of the result.</summary>
    protected virtual DType ResultType(DType type) => type;

    /// <summary>The operator on sizes, for shapes computed in the graph; null where sizes have no such operation.</summary>
    protected virtual Dim? Content(Dim a, Dim b) => null;
}

/// <summary>A function of two numbers, in scalar form and over spans of equal length; a span of length 1 is repeated.</summary>
internal interface IBinaryFunction<T, TResult>
{
    static abstract TResult Invoke(T a, T b);

    static virtual void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y)
        where TSelf : IBinaryFunction<T, TResult>
    {
        int stepA = a.Length == 1 ? 0 : 1, stepB = b.Length == 1 ? 0 : 1;
        for (int i = 0, j = 0, k = 0; i < y.Length; i++, j += stepA, k += stepB)
        {
            y[i] = TSelf.Invoke(a[j], b[k]);
        }
    }
}
