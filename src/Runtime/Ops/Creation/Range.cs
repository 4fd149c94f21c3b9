using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>start, start + step, start + 2·step …</c>, so many of them. ONNX Range, its limit <c>start + count·step</c>.</summary>
/// <param name="Count">How many.</param>
/// <param name="Start">The first number.</param>
/// <param name="Step">The distance to the next.</param>
/// <param name="To">The element type.</param>
public sealed record Range(Dim Count, double Start, double Step, DType To) : Op, INumericKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => To.IsFloating() || To.IsInteger()
        ? [new TensorType(To, new SymbolicShape(Count))]
        : throw inputs.Fail(To.Name(), "a numeric type");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this, binding.Output(0).DType);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot y = binding.Output(0);
        return frame =>
        {
            Span<T> numbers = frame.Span<T>(y);
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = T.CreateTruncating(Start + (i * Step));
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The numbers from 0 up to a size that may be symbolic.</summary>
    public Value Range(Dim count, DType dtype = DType.Int64) => Apply(new Range(count, 0, 1, dtype));

    /// <summary>The numbers from <paramref name="start"/> to before <paramref name="limit"/>, as numpy's <c>arange</c>.</summary>
    public Value Range(double start, double limit, double step, DType dtype = DType.Int64) =>
        Apply(new Range(Dim.Constant(Math.Max((long)Math.Ceiling((limit - start) / step), 0)), start, step, dtype));
}
