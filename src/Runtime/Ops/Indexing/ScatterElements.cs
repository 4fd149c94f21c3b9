using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The data with some elements updated: <c>y[i, indices[i, j, k], k] = updates[i, j, k]</c> for axis 1. ONNX ScatterElements.
/// Inputs: data, indices (int64, of the data's rank), updates (of the indices' shape).
/// </summary>
/// <param name="Axis">The axis that the indices count along.</param>
/// <param name="Reduction">What happens where an update meets an element. Other than None it is for numbers.</param>
public sealed record ScatterElements(int Axis, ScatterReduction Reduction = ScatterReduction.None) : Op, IMovingKernel, INumericKernel
{
    internal override bool TakesAnyType => Reduction == ScatterReduction.None;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(1);
        inputs.RequireSameType(0, 2);
        inputs.Axis(Axis, inputs.Shape(0).Rank);
        if (Reduction != ScatterReduction.None)
        {
            inputs.RequireNumeric(0);
        }

        return inputs.Shape(0).Rank == inputs.Shape(1).Rank && inputs.Shape(1).MayEqual(inputs.Shape(2))
            ? [inputs.Type(0)]
            : throw inputs.Fail($"data {inputs.Shape(0)}, indices {inputs.Shape(1)}, updates {inputs.Shape(2)}", "data of as many axes, and updates of the indices' shape");
    }

    internal override CpuKernel Bind(CpuBinding binding) =>
        Reduction == ScatterReduction.None ? binding.Moving(this, binding.Input(0).DType) : binding.Numeric(this);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var elements = new ElementIndices(data.Shape, indices.Shape, Axis);
        return frame => Put<T>(frame.Span<T>(data), frame.Span<long>(indices), frame.Span<T>(updates), frame.Span<T>(y), elements);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var elements = new ElementIndices(data.Shape, indices.Shape, Axis);
        return frame => Put<string>(frame.Texts(data), frame.Span<long>(indices), frame.Texts(updates), frame.Texts(y), elements);
    }

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), updates = binding.Input(2), y = binding.Output(0);
        var elements = new ElementIndices(data.Shape, indices.Shape, Axis);
        return frame =>
        {
            ReadOnlySpan<T> news = frame.Span<T>(updates);
            ReadOnlySpan<long> places = frame.Span<long>(indices);
            Span<T> result = frame.Span<T>(y);
            Span<int> at = stackalloc int[elements.Rank];
            at.Clear();
            frame.Span<T>(data).CopyTo(result);
            for (int i = 0; i < places.Length; i++)
            {
                ScatterReductions.Apply(Reduction, result.Slice(elements.Next(places[i], at), 1), news.Slice(i, 1));
            }
        };
    }

    private static void Put<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> indices, ReadOnlySpan<T> updates, Span<T> y, ElementIndices elements)
    {
        Span<int> at = stackalloc int[elements.Rank];
        at.Clear();
        data.CopyTo(y);
        for (int i = 0; i < indices.Length; i++)
        {
            y[elements.Next(indices[i], at)] = updates[i];
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The data with an element updated for each index, which counts along an axis.</summary>
    public Value ScatterElements(Value data, Value indices, Value updates, int axis, ScatterReduction reduction = ScatterReduction.None) =>
        Apply(new ScatterElements(axis, reduction), data, Indices(indices), updates);
}
