using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x</c> where <c>x ≥ 0</c>, else <c>slope·x</c>; the slope broadcasts to the shape of <c>x</c>. ONNX PRelu.</summary>
public sealed record PRelu : FloatingBinaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        Broadcast.Lanes<Functions.LeakyReluBySlope>(binding) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x, T slope) => x < T.Zero ? slope * x : x;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><paramref name="x"/> where it is not negative, else <c>slope·x</c>.</summary>
    public Value PRelu(Value x, Value slope) => Apply(new PRelu(), x, slope);
}
