using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a^b</c>. A negative power of an integer is an error. ONNX Pow.</summary>
public sealed record Pow : ArithmeticBinaryOp
{
    internal override CpuKernel MakeFloating<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfFloats<T>>(binding);

    internal override CpuKernel MakeInteger<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfIntegers<T>>(binding);

    private readonly struct OfFloats<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.Pow(a, b);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T>
        {
            bool square = b == T.One + T.One;
            for (int i = 0; i < a.Length; i++)
            {
                y[i] = square ? a[i] * a[i] : T.Pow(a[i], b);
            }
        }
    }

    private readonly struct OfIntegers<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.Pow(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a^b</c>. A negative power of an integer is an error. Shapes broadcast.</summary>
    public Value Pow(Value a, Value b) => Apply(new Pow(), a, b);
}
