using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The data with a part replaced that begins at a place the run decides. ONNX: ScatterND with the part's indices.
/// Inputs: data, updates (of the data's rank), starts (int64, one for each axis). A part that reaches outside is an error.
/// </summary>
public sealed record DynamicUpdateSlice : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireSameType(0, 1);
        inputs.RequireInt64(2);
        int rank = inputs.Shape(0).Rank;
        return inputs.Shape(1).Rank == rank && inputs.Shape(2).Rank == 1 && (inputs.Shape(2)[0].ValueOrNull ?? rank) == rank
            ? [inputs.Type(0)]
            : throw inputs.Fail($"updates {inputs.Shape(1)} and starts {inputs.Shape(2)} for data {inputs.Shape(0)}", "as many axes and as many starts");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot data = binding.Input(0), updates = binding.Input(1), starts = binding.Input(2), y = binding.Output(0);
        Shape whole = data.Shape, part = updates.Shape;
        int[] strides = whole.Strides();
        return frame =>
        {
            frame.Span<T>(data).CopyTo(frame.Span<T>(y));
            Put<T>(frame.Span<T>(updates), frame.Span<T>(y)[DynamicPart.Offset(frame.Span<long>(starts), whole, part)..], part, strides);
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot data = binding.Input(0), updates = binding.Input(1), starts = binding.Input(2), y = binding.Output(0);
        Shape whole = data.Shape, part = updates.Shape;
        int[] strides = whole.Strides();
        return frame =>
        {
            frame.Texts(data).CopyTo(frame.Texts(y));
            Put<string>(frame.Texts(updates), frame.Texts(y)[DynamicPart.Offset(frame.Span<long>(starts), whole, part)..], part, strides);
        };
    }

    private static void Put<T>(ReadOnlySpan<T> part, Span<T> y, Shape shape, ReadOnlySpan<int> strides)
    {
        if (part.Length == 0)
        {
            return;
        }

        if (shape.Rank == 0)
        {
            part.CopyTo(y);
            return;
        }

        int row = shape[-1];
        for (int from = 0; from < part.Length; from += row)
        {
            int rest = from / row, to = 0;
            for (int axis = shape.Rank - 2; axis >= 0; axis--)
            {
                to += rest % shape[axis] * strides[axis];
                rest /= shape[axis];
            }

            part.Slice(from, row).CopyTo(y[to..]);
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The data with a part replaced that begins at a place the run decides.</summary>
    public Value DynamicUpdateSlice(Value data, Value updates, Value starts) => Apply(new DynamicUpdateSlice(), data, updates, Indices(starts));
}
