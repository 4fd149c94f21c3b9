using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>y[i, j, k] = data[i, indices[i, j, k], k]</c> for axis 1, numpy's <c>take_along_axis</c>. ONNX GatherElements.
/// Inputs: data, indices (int64, of the data's rank).
/// </summary>
/// <param name="Axis">The axis that the indices count along.</param>
public sealed record GatherElements(int Axis) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(1);
        inputs.Axis(Axis, inputs.Shape(0).Rank);
        return inputs.Shape(0).Rank == inputs.Shape(1).Rank
            ? [new TensorType(inputs.DType(0), inputs.Shape(1))]
            : throw inputs.Fail($"indices {inputs.Shape(1)} for data {inputs.Shape(0)}", "as many axes");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        var elements = new ElementIndices(data.Shape, indices.Shape, Axis);
        return frame => Pick<T>(frame.Span<T>(data), frame.Span<long>(indices), frame.Span<T>(y), elements);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), indices = binding.Input(1), y = binding.Output(0);
        var elements = new ElementIndices(data.Shape, indices.Shape, Axis);
        return frame => Pick<string>(frame.Texts(data), frame.Span<long>(indices), frame.Texts(y), elements);
    }

    private static void Pick<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> indices, Span<T> y, ElementIndices elements)
    {
        Span<int> at = stackalloc int[elements.Rank];
        at.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            y[i] = data[elements.Next(indices[i], at)];
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>For each index the element at that place along an axis, as numpy's <c>take_along_axis</c>; sizes of 1 do not broadcast.</summary>
    public Value GatherElements(Value data, Value indices, int axis) => Apply(new GatherElements(axis), data, Indices(indices));
}
