using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that finds a place along an axis, as int64. Of several such places it is the first.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="KeepDims">Whether the axis stays, with size 1.</param>
public abstract record ArgOp(int Axis, bool KeepDims) : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        if (inputs.DType(0) != DType.Bool)
        {
            inputs.RequireNumeric(0);
        }

        SymbolicShape x = inputs.Shape(0);
        int axis = inputs.Axis(Axis, x.Rank);
        return x[axis] == Dim.Zero
            ? throw inputs.Fail($"axis {axis} of {x}", "an element to be found")
            : [new TensorType(DType.Int64, KeepDims ? x.With(axis, 1) : x.Without(axis))];
    }

    internal sealed override CpuKernel Bind(CpuBinding binding) =>
        binding.Input(0).DType == DType.Bool ? Make<byte>(binding) : binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    /// <summary>Whether an element goes before the best one found so far.</summary>
    private protected abstract bool IsBetter<T>(T element, T best)
        where T : INumber<T>;

    private CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        AxisLines lines = AxisLines.Of(x.Shape, Axis);
        if (lines.Size == 0 && y.Length > 0)
        {
            throw new ArgumentException($"Axis {Axis} of {x.Shape} has no element to be found.");
        }

        return frame =>
        {
            ReadOnlySpan<T> elements = frame.Span<T>(x);
            Span<long> places = frame.Span<long>(y);
            for (int line = 0; line < places.Length; line++)
            {
                int at = LineLoop.Begin(lines, line, lines.Size), best = 0;
                T found = elements[at];
                for (int i = 1; i < lines.Size; i++)
                {
                    T element = elements[at += lines.Inner];
                    if (IsBetter(element, found))
                    {
                        (found, best) = (element, i);
                    }
                }

                places[line] = best;
            }
        };
    }
}
