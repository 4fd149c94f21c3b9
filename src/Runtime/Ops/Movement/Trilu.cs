using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The last two axes' upper or lower triangle; the rest is zero. ONNX Trilu.</summary>
/// <param name="Upper">The triangle that stays.</param>
/// <param name="Diagonal">The diagonal it ends with: 0 is the main one, positive numbers lie above.</param>
public sealed record Trilu(bool Upper, int Diagonal = 0) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.Shape(0).Rank >= 2 && inputs.DType(0) != DType.String
        ? [inputs.Type(0)]
        : throw inputs.Fail($"{inputs.Type(0)}", "matrices of numbers");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int rows = x.Shape[-2], columns = x.Shape[-1];
        return frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<T> to = frame.Span<T>(y);
            to.Clear();
            for (int at = 0, row = 0; at < to.Length; at += columns, row = (row + 1) % rows)
            {
                int split = Math.Clamp(row + Diagonal + (Upper ? 0 : 1), 0, columns);
                System.Range kept = Upper ? (at + split)..(at + columns) : at..(at + split);
                from[kept].CopyTo(to[kept]);
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text has no zero.");
}

public sealed partial class GraphBuilder
{
    /// <summary>The upper triangle of the last two axes.</summary>
    public Value Triu(Value x, int diagonal = 0) => Apply(new Trilu(Upper: true, diagonal), x);

    /// <summary>The lower triangle of the last two axes.</summary>
    public Value Tril(Value x, int diagonal = 0) => Apply(new Trilu(Upper: false, diagonal), x);
}
