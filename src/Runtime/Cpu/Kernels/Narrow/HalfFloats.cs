using System.Numerics.Tensors;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>float16 to float32, exactly, and back to the nearest, ties to even. .NET's own conversion is vectorised.</summary>
internal static class HalfFloats
{
    public static void Widen(ReadOnlySpan<Half> source, Span<float> target) => TensorPrimitives.ConvertToSingle(source, target);

    public static void Narrow(ReadOnlySpan<float> source, Span<Half> target) => TensorPrimitives.ConvertToHalf(source, target);
}
