using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// For each index a line of zeros with a one at its place. Keras's meaning: an index below 0 or from <c>depth</c> on gives zeros
/// alone. ONNX OneHot counts negative indices from the end; its export must send them out of range first.
/// </summary>
/// <param name="Depth">Length of a line.</param>
/// <param name="Axis">Where the new axis stands in the result; negative counts from the end.</param>
/// <param name="To">The element type of the result.</param>
public sealed record OneHot(int Depth, int Axis, DType To) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(0);
        SymbolicShape indices = inputs.Shape(0);
        inputs.Axis(Axis, indices.Rank + 1);
        return Depth >= 0 && To != DType.String
            ? [new TensorType(To, indices.Inserted(Axis, Depth))]
            : throw inputs.Fail($"depth {Depth} and type {To.Name()}", "a depth of 0 or more and numbers or bool");
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, To);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot indices = binding.Input(0), y = binding.Output(0);
        AxisLines lines = AxisLines.Of(y.Shape, Axis);
        T one = MemoryMarshal.Read<T>(Tensor.Scalar(1.0).Cast(To).Bytes);
        return frame =>
        {
            ReadOnlySpan<long> places = frame.Span<long>(indices);
            Span<T> result = frame.Span<T>(y);
            result.Clear();
            for (int i = 0; i < places.Length; i++)
            {
                if ((ulong)places[i] < (ulong)lines.Size)
                {
                    int outer = i / lines.Inner, inner = i % lines.Inner;
                    result[(((outer * lines.Size) + (int)places[i]) * lines.Inner) + inner] = one;
                }
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text has no one.");
}

public sealed partial class GraphBuilder
{
    /// <summary>For each index a line of zeros with a one at its place; indices out of range give zeros alone.</summary>
    public Value OneHot(Value indices, int depth, int axis = -1, DType dtype = DType.Float32) =>
        Apply(new OneHot(depth, axis, dtype), Indices(indices));
}
