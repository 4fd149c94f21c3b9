using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>x</c> is infinite. ONNX IsInf.</summary>
/// <param name="Negative">Whether −∞ counts.</param>
/// <param name="Positive">Whether +∞ counts.</param>
public sealed record IsInf(bool Negative = true, bool Positive = true) : FloatingTestOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.Kernel<T, bool, Formula<T>>(binding, new Formula<T>(Negative, Positive));

    private readonly struct Formula<T>(bool negative, bool positive) : IUnaryFormula<T, bool>
        where T : INumberBase<T>
    {
        public bool Invoke(T x) => (negative && T.IsNegativeInfinity(x)) || (positive && T.IsPositiveInfinity(x));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <paramref name="x"/> is infinite, with the signs that count.</summary>
    public Value IsInf(Value x, bool negative = true, bool positive = true) => Apply(new IsInf(negative, positive), x);
}
