using MathNet.Numerics;

namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;
using KerasCompat.Runtime.Cpu.Kernels.Functions;

// Inside the namespace, so that these names come before the operators of the same names.

[Collection(KernelCollection.Name)]
public sealed class VectorMathTests
{
    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void ExpIsAccurate(string set) => Check(set, default(Exp), Math.Exp, -110, 100, 2);

    [Theory]
    [MemberData(nameof(Sets))]
    public void ExpMinusOneIsAccurate(string set) =>
        Check(set, default(ExpMinusOne), x => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1, -20, 90, 2.5);

    [Theory]
    [MemberData(nameof(Sets))]
    public void TanhIsAccurate(string set) => Check(set, default(Tanh), Math.Tanh, -12, 12, 2.5);

    [Theory]
    [MemberData(nameof(Sets))]
    public void SigmoidIsAccurate(string set) => Check(set, default(Sigmoid), x => 1 / (1 + Math.Exp(-x)), -85, 30, 2.5);

    [Theory]
    [MemberData(nameof(Sets))]
    public void LogIsAccurate(string set) => Check(set, default(Log), Math.Log, 0, 3, 2);

    [Theory]
    [MemberData(nameof(Sets))]
    public void LogOfLargeNumbersIsAccurate(string set) => Check(set, default(Log), Math.Log, 0, 1e30, 2);

    [Theory]
    [MemberData(nameof(Sets))]
    public void LogOfDenormalsIsAccurate(string set) => Check(set, default(Log), Math.Log, 1e-44, 1e-38, 2);

    [Theory]
    [MemberData(nameof(Sets))]
    public void ErfIsAccurate(string set) => Check(set, default(Erf), SpecialFunctions.Erf, -5, 5, 2);

    [Theory]
    [MemberData(nameof(Sets))]
    public void SoftplusIsAccurate(string set) =>
        Check(set, default(Softplus), x => Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x))), -80, 80, 3);

    [Theory]
    [MemberData(nameof(Sets))]
    public void ActivationsAreTheirFormulas(string set)
    {
        using UseKernels _ = new(set);
        (Activation Activation, Func<double, double> Formula)[] cases =
        [
            (ActivationKind.None, x => x),
            (ActivationKind.Relu, x => Math.Max(x, 0)),
            (Activation.Relu6, x => Math.Clamp(x, 0, 6)),
            (new(ActivationKind.LeakyRelu, 0.3f), x => x < 0 ? 0.3f * x : x),
            (new(ActivationKind.Elu, 1.5f), x => x < 0 ? 1.5 * (Math.Exp(x) - 1) : x),
            (ActivationKind.Selu, x => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * (Math.Exp(x) - 1) : x)),
            (new(ActivationKind.Celu, 2f), x => x < 0 ? 2 * (Math.Exp(x / 2) - 1) : x),
            (ActivationKind.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
            (Activation.HardSigmoidKeras2, x => Math.Clamp((0.2 * x) + 0.5, 0, 1)),
            (Activation.HardSigmoidKeras3, x => Math.Clamp((x / 6) + 0.5, 0, 1)),
            (ActivationKind.Tanh, Math.Tanh),
            (ActivationKind.Softplus, x => Math.Log(1 + Math.Exp(x))),
            (ActivationKind.Softsign, x => x / (1 + Math.Abs(x))),
            (ActivationKind.Exp, Math.Exp),
            (ActivationKind.Silu, x => x / (1 + Math.Exp(-x))),
            (ActivationKind.HardSilu, x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
            (ActivationKind.Gelu, x => 0.5 * x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2)))),
            (ActivationKind.GeluTanh, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
            (ActivationKind.Mish, x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
            (new(ActivationKind.Affine, 3f, -1f), x => (3 * x) - 1),
        ];
        Assert.Equal(Enum.GetValues<ActivationKind>(), cases.Select(c => c.Activation.Kind).Distinct().Order());
        foreach ((Activation activation, Func<double, double> formula) in cases)
        {
            float[] x = [.. Enumerable.Range(0, 257).Select(i => (i - 128) / 16f)];
            float[] y = [.. x];
            activation.Apply(y);
            for (int i = 0; i < x.Length; i++)
            {
                Assert.True(Math.Abs(y[i] - formula(x[i])) <= 1e-6 + (1e-6 * Math.Abs(formula(x[i]))), $"{activation} of {x[i]} is {y[i]}");
            }

            float[] nan = [float.NaN];
            activation.Apply(nan);
            Assert.True(float.IsNaN(nan[0]), $"{activation} of NaN is {nan[0]}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void EveryLengthWritesItsElementsAndNoOthers(string set)
    {
        using UseKernels _ = new(set);
        for (int length = 0; length <= 256; length++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => i - 100.5f)];
            float[] y = [.. Enumerable.Range(0, length).Select(i => 0.25f * i)];
            float[] z = [.. Enumerable.Repeat(7f, length + 3)];
            VectorMath.Map(default(Negate), x, z.AsSpan(1, length));
            Assert.Equal((float[])[7f, .. x.Select(v => -v), 7f, 7f], z);
            VectorMath.Map(default(Add), x, y, z.AsSpan(1, length));
            Assert.Equal((float[])[7f, .. x.Zip(y, (a, b) => a + b), 7f, 7f], z);
            VectorMath.Map(default(Subtract), x, 2f, z.AsSpan(1, length));
            Assert.Equal((float[])[7f, .. x.Select(v => v - 2f), 7f, 7f], z);
            VectorMath.Map(default(Subtract), 2f, x, z.AsSpan(1, length));
            Assert.Equal((float[])[7f, .. x.Select(v => 2f - v), 7f, 7f], z);
            VectorMath.Map(default(MultiplyAdd), x, y, x, z.AsSpan(1, length));
            Assert.Equal((float[])[7f, .. x.Zip(y, (a, b) => (a * b) + a), 7f, 7f], z);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void MaximumAndMinimumHandOnNaN(string set)
    {
        using UseKernels _ = new(set);
        float[] x = [float.NaN, 1f, float.NaN, 3f, float.PositiveInfinity];
        float[] y = [2f, float.NaN, float.NaN, 4f, 5f];
        float[] z = new float[5];
        VectorMath.Map(default(Maximum), x, y, z);
        Assert.Equal([float.NaN, float.NaN, float.NaN, 4f, float.PositiveInfinity], z);
        VectorMath.Map(default(Minimum), x, y, z);
        Assert.Equal([float.NaN, float.NaN, float.NaN, 3f, 5f], z);
    }

    private static void Check<TFunction>(
        string set, TFunction function, Func<double, double> expected, double low, double high, double ulps)
        where TFunction : struct, IUnary
    {
        using UseKernels _ = new(set);
        const int Points = 100_000;
        float[] x =
        [
            float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-38f, 1e-5f,
            -1e-5f, float.MaxValue, float.MinValue, 1f, -1f, 88.7f, -87.4f,
            .. Enumerable.Range(0, Points).Select(i => (float)(low + ((high - low) * i / Points))),
        ];
        float[] y = new float[x.Length];
        VectorMath.Map(function, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double error = Ulps.Between(y[i], expected(x[i]));
            Assert.True(error <= ulps, $"f({x[i]:R}) = {y[i]:R}, expected {expected(x[i]):R}: {error} ulp");
        }
    }
}
