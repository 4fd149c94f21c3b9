using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>bfloat16, the upper half of a float32, to float32 and back to the nearest, ties to even. NaN stays NaN.</summary>
internal static class BrainFloats
{
    public static void Widen(ReadOnlySpan<ushort> source, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length);
        ref ushort from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (KernelTable.Active >= KernelSet.Avx2)
        {
            for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
                (low << 16).AsSingle().StoreUnsafe(ref to, (nuint)i);
                (high << 16).AsSingle().StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
            }
        }

        for (; i < source.Length; i++)
        {
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
    }

    public static void Narrow(ReadOnlySpan<float> source, Span<ushort> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length);
        ref float from = ref MemoryMarshal.GetReference(source);
        ref ushort to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (KernelTable.Active >= KernelSet.Avx2)
        {
            for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                Vector256<uint> low = Round(Vector256.LoadUnsafe(ref from, (nuint)i));
                Vector256<uint> high = Round(Vector256.LoadUnsafe(ref from, (nuint)(i + Vector256<float>.Count)));
                Vector256.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i++)
        {
            target[i] = Round(source[i]);
        }
    }

    // Adding just under half of the last kept bit, plus that bit, carries exactly when the value is to be rounded up.
    private static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static Vector256<uint> Round(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> upper = bits >> 16;
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + (upper & Vector256<uint>.One)) >> 16;
        return Vector256.ConditionalSelect(Vector256.IsNaN(value).AsUInt32(), upper | Vector256.Create(0x40u), rounded);
    }
}
