using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>One place of Bᵀ·d·B for each square, as a matrix of (square, channel).</summary>
/// <remarks>
/// Bᵀ is (1 0 −1 0; 0 1 1 0; 0 −1 1 0; 0 1 0 −1): each place takes two lines of d and two columns, added or subtracted. Making the places
/// one at a time reads the image more often than making all at once, and needs no memory for them.
/// </remarks>
internal readonly unsafe struct WinogradRows : IRowSource
{
    private readonly WinogradSquare* _squares;
    private readonly WindowGeometry _geometry;
    private readonly float* _zeros;
    private readonly (int First, int Second, float Sign) _lines;
    private readonly (int First, int Second, float Sign) _columns;

    /// <param name="squares">The rows' squares.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="place">Which of the 4 × 4.</param>
    /// <param name="zeros">As many zeros as there are channels: what lies outside the image.</param>
    public WinogradRows(WinogradSquare* squares, WindowGeometry geometry, int place, float* zeros)
    {
        _squares = squares;
        _geometry = geometry;
        _zeros = zeros;
        _lines = Pair(place / 4);
        _columns = Pair(place % 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRows<V>(float* target, int firstRow, int rows, int firstColumn, int columns)
        where V : struct, ILanes<V>
    {
        V lineSign = V.Broadcast(_lines.Sign);
        V columnSign = V.Broadcast(_columns.Sign);
        for (int row = 0; row < rows; row++)
        {
            WinogradSquare* square = _squares + firstRow + row;
            float* a = At(square, _lines.First, _columns.First) + firstColumn;
            float* b = At(square, _lines.First, _columns.Second) + firstColumn;
            float* c = At(square, _lines.Second, _columns.First) + firstColumn;
            float* d = At(square, _lines.Second, _columns.Second) + firstColumn;
            int i = 0;
            for (; i <= columns - V.Count; i += V.Count)
            {
                V first = V.MultiplyAdd(columnSign, V.Load(b + i), V.Load(a + i));
                V second = V.MultiplyAdd(columnSign, V.Load(d + i), V.Load(c + i));
                V.Store(V.MultiplyAdd(lineSign, second, first), target + i);
            }

            int rest = columns - i;
            if (rest > 0)
            {
                V first = V.MultiplyAdd(columnSign, V.LoadPartial(b + i, rest), V.LoadPartial(a + i, rest));
                V second = V.MultiplyAdd(columnSign, V.LoadPartial(d + i, rest), V.LoadPartial(c + i, rest));
                V.StorePartial(V.MultiplyAdd(lineSign, second, first), target + i, rest);
            }

            target += GemmBlocks.RowStride;
        }
    }

    private static (int First, int Second, float Sign) Pair(int row) => row switch
    {
        0 => (0, 2, -1f),
        1 => (1, 2, 1f),
        2 => (2, 1, -1f),
        _ => (1, 3, -1f),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(WinogradSquare* square, int line, int column)
    {
        bool inside = square->IsInside
            || ((uint)(square->Y + line) < (uint)_geometry.Height.Input && (uint)(square->X + column) < (uint)_geometry.Width.Input);
        return inside ? square->Corner + ((((nint)line * _geometry.Width.Input) + column) * _geometry.Channels) : _zeros;
    }
}

/// <summary>A square of outputs: where the 4 × 4 inputs that it sees begin.</summary>
internal unsafe struct WinogradSquare
{
    /// <summary>The first input's channels; only to be read where that lies in the image.</summary>
    public float* Corner;
    public int Image;
    public int Y;
    public int X;

    /// <summary>Whether all inputs lie in the image.</summary>
    public bool IsInside;
}
