using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The least common multiple, not negative. ONNX has no such operator: it needs a Loop.</summary>
public sealed record Lcm : IntegerBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.Lcm(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The least common multiple, not negative. Shapes broadcast.</summary>
    public Value Lcm(Value a, Value b) => Apply(new Lcm(), a, b);
}
