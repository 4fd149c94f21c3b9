using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The modified Bessel function of the first kind and order 0, <c>Σ (x/2)²ᵏ / k!²</c>. ONNX has no such operator.</summary>
public sealed record BesselI0 : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, I0);

    /// <summary>The series for small x; beyond, the asymptotic one, <c>eˣ/√(2πx) · Σ (1·3·…·(2k−1))² / (k!·(8x)ᵏ)</c>, whose terms there fall below a double's precision.</summary>
    private static double I0(double x)
    {
        x = Math.Abs(x);
        double sum = 1, term = 1;
        if (x < 20)
        {
            for (int k = 1; term > sum * 1e-17; k++)
            {
                term *= x * x / (4.0 * k * k);
                sum += term;
            }

            return sum;
        }

        for (int k = 1; k < 30 && term > 1e-17; k++)
        {
            term *= ((2.0 * k) - 1) * ((2.0 * k) - 1) / (8.0 * k * x);
            sum += term;
        }

        return Math.Exp(x) / Math.Sqrt(2 * Math.PI * x) * sum;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The modified Bessel function of the first kind and order 0.</summary>
    public Value BesselI0(Value x) => Apply(new BesselI0(), x);
}
