using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The modified Bessel function of the first kind and order 0, numpy's <c>i0</c>. ONNX has no such operator and no short composition gives it.</summary>
public sealed record BesselI0 : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, ModifiedBessel.I0);
}

public sealed partial class GraphBuilder
{
    /// <summary>The modified Bessel function of the first kind and order 0.</summary>
    public Value BesselI0(Value x) => Apply(new BesselI0(), x);
}
