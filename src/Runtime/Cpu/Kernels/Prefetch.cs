using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Asks for memory before it is needed. Nothing happens where the processor has no such instruction, or at an address that is not there.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Into the first-level cache: for what is read next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirstLevel(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Into the second-level cache: for what is read soon, without driving out what is read now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToSecondLevel(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
