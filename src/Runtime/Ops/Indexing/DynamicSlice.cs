using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// A part of given size that begins at a place the run decides. ONNX Slice with starts and ends as inputs.
/// Inputs: data, starts (int64, one for each axis). A part that reaches outside is an error.
/// </summary>
/// <param name="Sizes">The size of the part along each axis.</param>
public sealed record DynamicSlice(SymbolicShape Sizes) : Op, IMovingKernel
{
    /// <inheritdoc/>
    public override string Name => "Slice";

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(1);
        return Sizes.Rank == inputs.Shape(0).Rank && inputs.Shape(1).Rank == 1 && (inputs.Shape(1)[0].ValueOrNull ?? Sizes.Rank) == Sizes.Rank
            ? [new TensorType(inputs.DType(0), Sizes)]
            : throw inputs.Fail($"starts {inputs.Shape(1)} and sizes {Sizes} for data {inputs.Shape(0)}", "one for each axis");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), starts = binding.Input(1), y = binding.Output(0);
        var copy = new StridedCopy(0, y.Shape.Dims, data.Shape.Strides());
        Shape whole = data.Shape, part = y.Shape;
        return frame => copy.Run<T>(frame.Span<T>(data)[DynamicPart.Offset(frame.Span<long>(starts), whole, part)..], frame.Span<T>(y));
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), starts = binding.Input(1), y = binding.Output(0);
        var copy = new StridedCopy(0, y.Shape.Dims, data.Shape.Strides());
        Shape whole = data.Shape, part = y.Shape;
        return frame => copy.Run<string>(frame.Texts(data)[DynamicPart.Offset(frame.Span<long>(starts), whole, part)..], frame.Texts(y));
    }
}

/// <summary>Where a part begins in the whole.</summary>
internal static class DynamicPart
{
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside.</exception>
    public static int Offset(ReadOnlySpan<long> starts, Shape whole, Shape part)
    {
        if (starts.Length != whole.Rank)
        {
            throw new ArgumentException($"{starts.Length} starts for {whole.Rank} axes.", nameof(starts));
        }

        int offset = 0;
        for (int axis = 0; axis < whole.Rank; axis++)
        {
            long start = starts[axis] < 0 ? starts[axis] + whole[axis] : starts[axis];
            if (start < 0 || start + part[axis] > whole[axis])
            {
                throw new ArgumentOutOfRangeException(nameof(starts), $"A part of {part[axis]} from {starts[axis]} on reaches outside the {whole[axis]} of axis {axis}.");
            }

            offset = (offset * whole[axis]) + (int)start;
        }

        return offset;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>A part of given size that begins at a place the run decides.</summary>
    public Value DynamicSlice(Value data, Value starts, SymbolicShape sizes) => Apply(new DynamicSlice(sizes), data, Indices(starts));
}
