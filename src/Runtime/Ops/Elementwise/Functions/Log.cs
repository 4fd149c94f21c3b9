using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary>The natural logarithm. ONNX Log.</summary>
public sealed record Log : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Log)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Log(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The natural logarithm.</summary>
    public Value Log(Value x) => Apply(new Log(), x);
}
