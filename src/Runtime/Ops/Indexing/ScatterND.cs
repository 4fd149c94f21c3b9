using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The data with some slices updated, each named by a tuple of indices: the last axis of the second input. ONNX ScatterND.
/// Inputs: data, indices (int64), updates (the indices' axes but the last, then a slice's).
/// </summary>
/// <param name="Reduction">What happens where an update meets an element. Other than None it is for numbers.</param>
public sealed record ScatterND(ScatterReduction Reduction = ScatterReduction.None) : Op, IMovingKernel, INumericKernel
{
    internal override bool TakesAnyType => Reduction == ScatterReduction.None;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(1);
        inputs.RequireSameType(0, 2);
        if (Reduction != ScatterReduction.None)
        {
            inputs.RequireNumeric(0);
        }

        SymbolicShape data = inputs.Shape(0), indices = inputs.Shape(1), updates = inputs.Shape(2);
        bool fits = indices.Rank > 0 && indices[-1].IsConstant && indices[-1].Value <= data.Rank
            && updates.MayEqual(new SymbolicShape([.. indices.Take(indices.Rank - 1), .. data.Skip(indices[-1].Value)]));
        return fits
            ? [inputs.Type(0)]
            : throw inputs.Fail($"data {data}, indices {indices}, updates {updates}", "updates of the indices' axes but the last, then a slice's");
    }

    internal override CpuKernel Bind(CpuBinding binding) =>
        Reduction == ScatterReduction.None ? binding.Moving(this, binding.Input(0).DType) : binding.Numeric(this);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var tuples = new TupleIndices(data.Shape, indices.Shape, 0);
        return frame => Put<T>(frame.Span<T>(data), frame.Span<long>(indices), frame.Span<T>(updates), frame.Span<T>(y), tuples);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var tuples = new TupleIndices(data.Shape, indices.Shape, 0);
        return frame => Put<string>(frame.Texts(data), frame.Span<long>(indices), frame.Texts(updates), frame.Texts(y), tuples);
    }

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var tuples = new TupleIndices(data.Shape, indices.Shape, 0);
        return frame =>
        {
            ReadOnlySpan<T> news = frame.Span<T>(updates);
            ReadOnlySpan<long> places = frame.Span<long>(indices);
            Span<T> result = frame.Span<T>(y);
            frame.Span<T>(data).CopyTo(result);
            for (int i = 0; i < tuples.Count; i++)
            {
                ScatterReductions.Apply(Reduction, result.Slice(tuples.Offset(places, i), tuples.Slice), news.Slice(i * tuples.Slice, tuples.Slice));
            }
        };
    }

    private static void Put<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> indices, ReadOnlySpan<T> updates, Span<T> y, TupleIndices tuples)
    {
        data.CopyTo(y);
        for (int i = 0; i < tuples.Count; i++)
        {
            updates.Slice(i * tuples.Slice, tuples.Slice).CopyTo(y.Slice(tuples.Offset(indices, i), tuples.Slice));
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The data with a slice updated for each tuple of indices along the last axis of <paramref name="indices"/>.</summary>
    public Value ScatterND(Value data, Value indices, Value updates, ScatterReduction reduction = ScatterReduction.None) =>
        Apply(new ScatterND(reduction), data, Indices(indices), updates);
}
