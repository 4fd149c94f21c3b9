using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator whose result at each place comes from all elements up to it.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Exclusive">Whether the element at the place itself is left out.</param>
/// <param name="Reverse">Whether it goes from the end to the beginning.</param>
public abstract record CumulativeOp(int Axis, bool Exclusive, bool Reverse) : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireNumeric(0);
        inputs.Axis(Axis, inputs.Shape(0).Rank);
        return [inputs.Type(0)];
    }

    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;

    private protected CpuKernel Kernel<T, TReduction>(CpuBinding binding)
        where T : unmanaged
        where TReduction : IReduction<T>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        AxisLines lines = AxisLines.Of(x.Shape, Axis);
        int first = Reverse ? lines.Size - 1 : 0, step = Reverse ? -lines.Inner : lines.Inner;
        return frame =>
        {
            for (int outer = 0; outer < lines.Outer && lines.Size > 0; outer++)
            {
                ReadOnlySpan<T> from = frame.Span<T>(x);
                Span<T> to = frame.Span<T>(y);
                int at = ((outer * lines.Size) + first) * lines.Inner;
                if (Exclusive)
                {
                    to.Slice(at, lines.Inner).Fill(TReduction.Empty);
                }
                else
                {
                    from.Slice(at, lines.Inner).CopyTo(to.Slice(at, lines.Inner));
                }

                // Row by row: the row before, and the next row of elements taken into it.
                for (int i = 1; i < lines.Size; i++, at += step)
                {
                    Span<T> row = to.Slice(at + step, lines.Inner);
                    to.Slice(at, lines.Inner).CopyTo(row);
                    TReduction.Accumulate(from.Slice(Exclusive ? at : at + step, lines.Inner), row);
                }
            }
        };
    }
}
