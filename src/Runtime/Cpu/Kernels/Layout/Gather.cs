using System.Numerics;
using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Rows of a table by number: y[i] = table[indices[i]].</summary>
internal static unsafe class Gather
{
    private const int PartBytes = 1 << 16;

    /// <summary>
    /// Copies the rows. Returns −1, or the position of an index that is not in the table, and then y is not complete.
    /// </summary>
    /// <param name="table">The rows, one after another.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="indices">Which rows are wanted.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="wrapNegative">Whether −1 means the last row, and so on.</param>
    public static int Rows<TIndex>(void* table, int rows, int rowBytes, ReadOnlySpan<TIndex> indices, void* y, bool wrapNegative = false)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (int i = 0; i < indices.Length; i++)
        {
            long index = long.CreateSaturating(indices[i]);
            if (index >= rows || index < (wrapNegative ? -rows : 0))
            {
                return i;
            }
        }

        fixed (TIndex* start = indices)
        {
            GatherParts<TIndex> body = new()
            {
                Table = (byte*)table,
                TableRows = rows,
                RowBytes = rowBytes,
                Indices = start,
                Count = indices.Length,
                Y = (byte*)y,
                PerPart = Math.Max(1, PartBytes / Math.Max(1, rowBytes)),
            };
            CpuThreads.For((indices.Length + body.PerPart - 1) / body.PerPart, body);
        }

        return -1;
    }

    private struct GatherParts<TIndex> : IParallelBody
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        public byte* Table;
        public int TableRows;
        public int RowBytes;
        public TIndex* Indices;
        public int Count;
        public byte* Y;
        public int PerPart;

        public readonly void Run(int part, int slot)
        {
            int end = Math.Min(Count, (part + 1) * PerPart);
            for (int i = part * PerPart; i < end; i++)
            {
                int index = int.CreateTruncating(Indices[i]);
                byte* row = Table + ((nint)(index < 0 ? index + TableRows : index) * RowBytes);
                Unsafe.CopyBlockUnaligned(Y + ((nint)i * RowBytes), row, (uint)RowBytes);
            }
        }
    }
}
