#if !NET10_0_OR_GREATER
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Masked loads and stores of 512 bits, which .NET has as instructions since version 10, written out for builds on .NET 9 (docs/packages.md).</summary>
internal static unsafe class MaskedMemory
{
    extension(Avx512F)
    {
        public static Vector512<float> MaskLoad(float* source, Vector512<float> mask, Vector512<float> rest)
        {
            float* lanes = stackalloc float[Vector512<float>.Count];
            rest.Store(lanes);
            new ReadOnlySpan<float>(source, Selected(mask)).CopyTo(new Span<float>(lanes, Vector512<float>.Count));
            return Vector512.Load(lanes);
        }

        public static void MaskStore(float* target, Vector512<float> mask, Vector512<float> value)
        {
            float* lanes = stackalloc float[Vector512<float>.Count];
            value.Store(lanes);
            new ReadOnlySpan<float>(lanes, Selected(mask)).CopyTo(new Span<float>(target, Vector512<float>.Count));
        }
    }

    /// <summary>How many lanes a mask selects; masks select the first ones.</summary>
    private static int Selected(Vector512<float> mask) => BitOperations.PopCount(mask.ExtractMostSignificantBits());
}
#endif
