namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// B as the tiles read it: panels two registers wide, each holding all its k rows one after another. The last panel is
/// one register wide where that suffices, and its columns beyond n are zero.
/// </summary>
internal readonly unsafe struct Panels(float* data, int depth, int columns)
{
    public float* Data => data;

    public int Depth => depth;

    public int Columns => columns;

    /// <summary>Floats of the packed form.</summary>
    public static nint Floats(int depth, int columns, int lanes) => (nint)depth * GemmBlocks.RoundUp(columns, lanes);

    /// <summary>The panel that begins at this column, a multiple of the panel width, from this row on.</summary>
    public float* At<V>(int column, int row)
        where V : struct, ILanes<V> => data + ((nint)column * depth) + ((nint)row * (Registers<V>(column) * V.Count));

    /// <summary>Registers in the panel that begins at this column: 2, or 1 for a short last one.</summary>
    public int Registers<V>(int column)
        where V : struct, ILanes<V> => columns - column > V.Count ? 2 : 1;
}
