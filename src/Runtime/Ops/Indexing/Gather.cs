using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// Slices of the first input along an axis, picked by the integers of the second. ONNX Gather: negative indices count from the
/// end. An index outside the axis gives an error that names it.
/// </summary>
/// <param name="Axis">The axis; the result has the indices' axes in its place.</param>
public sealed record Gather(int Axis) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape data = inputs.Shape(0), indices = inputs.Shape(1);
        int axis = inputs.Axis(Axis, data.Rank);
        if (inputs.DType(1) is not (DType.Int32 or DType.Int64))
        {
            throw inputs.Fail($"indices of {inputs.DType(1).Name()}", "indices of int32 or int64");
        }

        return [new TensorType(inputs.DType(0), new SymbolicShape([.. data.Take(axis), .. indices, .. data.Skip(axis + 1)]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) =>
        inputs.Content(0) is { } sizes && inputs.Shape(0).Rank == 1 && inputs.Content(1) is { } picks && picks.All(p => p.IsConstant)
            ? [.. picks.Select(p => sizes[p.Value < 0 ? p.Value + sizes.Count : p.Value])]
            : null;

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        Layout layout = Describe(data.Shape);
        return indices.DType == DType.Int32
            ? frame => Copy(frame.Span<T>(data), frame.Span<int>(indices), frame.Span<T>(y), layout)
            : frame => Copy(frame.Span<T>(data), frame.Span<long>(indices), frame.Span<T>(y), layout);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        Layout layout = Describe(data.Shape);
        return indices.DType == DType.Int32
            ? frame => Copy(frame.Texts(data), frame.Span<int>(indices), frame.Texts(y), layout)
            : frame => Copy(frame.Texts(data), frame.Span<long>(indices), frame.Texts(y), layout);
    }

    private static void Copy<T, TIndex>(ReadOnlySpan<T> data, ReadOnlySpan<TIndex> indices, Span<T> y, Layout layout)
        where TIndex : System.Numerics.INumber<TIndex>
    {
        for (int outer = 0, to = 0; outer < layout.Outer; outer++)
        {
            foreach (TIndex index in indices)
            {
                int at = IndexRules.Resolve(long.CreateTruncating(index), layout.Size);
                int from = ((outer * layout.Size) + at) * layout.Inner;
                data.Slice(from, layout.Inner).CopyTo(y.Slice(to, layout.Inner));
                to += layout.Inner;
            }
        }
    }

    private Layout Describe(Shape data)
    {
        int axis = Axis < 0 ? Axis + data.Rank : Axis;
        return new Layout(data.Product(0, axis), data[axis], data.Product(axis + 1, data.Rank));
    }

    private readonly record struct Layout(int Outer, int Size, int Inner);
}

public sealed partial class GraphBuilder
{
    /// <summary>Slices of <paramref name="data"/> along an axis, picked by <paramref name="indices"/> of any integer type.</summary>
    public Value Gather(Value data, Value indices, int axis = 0) =>
        Apply(new Gather(axis), data, indices.DType == DType.Int32 ? indices : Indices(indices));
}
