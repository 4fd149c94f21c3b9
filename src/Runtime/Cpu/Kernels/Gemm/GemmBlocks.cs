using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The sizes a product is cut into. A panel of B, <see cref="Depth"/> deep and two registers wide (32 KB with AVX-512),
/// stays in the first-level cache while the rows of a block of A pass it; the block of A stays in the second level.
/// </summary>
internal static class GemmBlocks
{
    /// <summary>Steps of k taken at a time.</summary>
    public const int Depth = 256;

    /// <summary>
    /// Floats between copied rows of A. Not a multiple of 1,024 bytes: such rows would share a few sets of the cache.
    /// </summary>
    public const int RowStride = Depth + 16;

    /// <summary>Most rows of A copied at a time: 130 KB.</summary>
    public const int Rows = 120;

    /// <summary>Floats of workspace a thread needs for its rows of A.</summary>
    public static int RowBlockFloats(int rows) => Math.Min(RoundUp(rows, 12), Rows) * RowStride;

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    public static nint RoundUp(nint value, int multiple) => (value + multiple - 1) / multiple * multiple;
}

/// <summary>The tile of a register width.</summary>
internal static class TileShape<V>
    where V : struct, ILanes<V>
{
    /// <summary>12 with the 32 registers of AVX-512, else 6.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Count == 16 ? 12 : 6;
    }

    /// <summary>Columns of a panel of B: two registers.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * V.Count;
    }
}
