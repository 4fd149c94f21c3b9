using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The quotient of integers rounded toward zero, as in C; 0 where <c>b</c> is 0. ONNX Div.</summary>
public sealed record TruncDiv : IntegerBinaryOp
{
    /// <inheritdoc/>
    public override string Name => "Div";

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.TruncDiv(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The quotient of integers rounded toward zero, as in C; 0 where <c>b</c> is 0. Shapes broadcast.</summary>
    public Value TruncDiv(Value a, Value b) => Apply(new TruncDiv(), a, b);
}
