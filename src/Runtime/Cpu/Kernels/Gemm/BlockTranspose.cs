using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The transpose of a block of 8 × 8 floats through registers.</summary>
internal static unsafe class BlockTranspose
{
    public const int Size = 8;

    /// <summary>Row i of the source becomes column i of the target. Strides are in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* source, nint sourceStride, float* target, nint targetStride)
    {
        if (Avx.IsSupported)
        {
            Run256(source, sourceStride, target, targetStride);
            return;
        }

        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
            }
        }
    }

    // Three rounds. Pairs of rows are interleaved float by float, then pair by pair; now each 128-bit half holds four
    // rows of one column, and the last round joins the halves of rows 0–3 with those of rows 4–7.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run256(float* s, nint stride, float* t, nint to)
    {
        Vector256<float> r0 = Vector256.Load(s);
        Vector256<float> r1 = Vector256.Load(s + stride);
        Vector256<float> r2 = Vector256.Load(s + (2 * stride));
        Vector256<float> r3 = Vector256.Load(s + (3 * stride));
        Vector256<float> r4 = Vector256.Load(s + (4 * stride));
        Vector256<float> r5 = Vector256.Load(s + (5 * stride));
        Vector256<float> r6 = Vector256.Load(s + (6 * stride));
        Vector256<float> r7 = Vector256.Load(s + (7 * stride));

        Vector256<float> a0 = Avx.UnpackLow(r0, r1);
        Vector256<float> a1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> a2 = Avx.UnpackLow(r2, r3);
        Vector256<float> a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5);
        Vector256<float> a5 = Avx.UnpackHigh(r4, r5);
        Vector256<float> a6 = Avx.UnpackLow(r6, r7);
        Vector256<float> a7 = Avx.UnpackHigh(r6, r7);

        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44);
        Vector256<float> b1 = Avx.Shuffle(a0, a2, 0xEE);
        Vector256<float> b2 = Avx.Shuffle(a1, a3, 0x44);
        Vector256<float> b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44);
        Vector256<float> b5 = Avx.Shuffle(a4, a6, 0xEE);
        Vector256<float> b6 = Avx.Shuffle(a5, a7, 0x44);
        Vector256<float> b7 = Avx.Shuffle(a5, a7, 0xEE);

        Avx.Permute2x128(b0, b4, 0x20).Store(t);
        Avx.Permute2x128(b1, b5, 0x20).Store(t + to);
        Avx.Permute2x128(b2, b6, 0x20).Store(t + (2 * to));
        Avx.Permute2x128(b3, b7, 0x20).Store(t + (3 * to));
        Avx.Permute2x128(b0, b4, 0x31).Store(t + (4 * to));
        Avx.Permute2x128(b1, b5, 0x31).Store(t + (5 * to));
        Avx.Permute2x128(b2, b6, 0x31).Store(t + (6 * to));
        Avx.Permute2x128(b3, b7, 0x31).Store(t + (7 * to));
    }
}
