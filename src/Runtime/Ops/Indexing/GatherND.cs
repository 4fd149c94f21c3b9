using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Slices of the data, each named by a tuple of indices: the last axis of the second input. ONNX GatherND.</summary>
/// <param name="BatchDims">Leading axes that data and indices share.</param>
public sealed record GatherND(int BatchDims = 0) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(1);
        SymbolicShape data = inputs.Shape(0), indices = inputs.Shape(1);
        if (indices.Rank <= BatchDims || !indices[-1].IsConstant || BatchDims + indices[-1].Value > data.Rank)
        {
            throw inputs.Fail($"indices {indices} for data {data}, {BatchDims} axes shared", "a known last size, no larger than the data's other axes are many");
        }

        return [new TensorType(inputs.DType(0), new SymbolicShape([.. indices.Take(indices.Rank - 1), .. data.Skip(BatchDims + indices[-1].Value)]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        var tuples = new TupleIndices(data.Shape, indices.Shape, BatchDims);
        return frame => Pick<T>(frame.Span<T>(data), frame.Span<long>(indices), frame.Span<T>(y), tuples);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        var tuples = new TupleIndices(data.Shape, indices.Shape, BatchDims);
        return frame => Pick<string>(frame.Texts(data), frame.Span<long>(indices), frame.Texts(y), tuples);
    }

    private static void Pick<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> indices, Span<T> y, TupleIndices tuples)
    {
        for (int i = 0; i < tuples.Count; i++)
        {
            data.Slice(tuples.Offset(indices, i), tuples.Slice).CopyTo(y.Slice(i * tuples.Slice, tuples.Slice));
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Slices of <paramref name="data"/>, each named by a tuple of indices along the last axis of <paramref name="indices"/>.</summary>
    public Value GatherND(Value data, Value indices, int batchDims = 0) => Apply(new GatherND(batchDims), data, Indices(indices));
}
