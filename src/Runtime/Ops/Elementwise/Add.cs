using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a + b</c> element by element. ONNX Add.</summary>
public sealed record Add : BinaryOp, INumericKernel
{
    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => a + b;

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => a + b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a + b</c>; shapes broadcast.</summary>
    public Value Add(Value a, Value b) => Apply(new Add(), a, b);
}
