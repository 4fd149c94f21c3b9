using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a ≠ b</c> element by element.</summary>
public sealed record NotEqual : BinaryOp, INumericKernel
{
    /// <inheritdoc/>
    protected override DType ResultType(DType type) => DType.Bool;

    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Broadcast.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, bool>
        where T : INumber<T>
    {
        public static bool Invoke(T a, T b) => a != b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a ≠ b</c>; shapes broadcast.</summary>
    public Value NotEqual(Value a, Value b) => Apply(new NotEqual(), a, b);
}
