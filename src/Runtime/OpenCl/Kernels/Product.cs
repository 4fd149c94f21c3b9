using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>A product of matrices (rows, inner) · (inner, columns), several times over, whose left rows lie in memory or are the windows of images.</summary>
/// <param name="Type">The elements.</param>
/// <param name="Rows">Rows of the left operand and of the result.</param>
/// <param name="Inner">Columns of the left operand, of one tap of the window where it has windows.</param>
/// <param name="Columns">Columns of the right operand and of the result.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
/// <param name="Result">The result.</param>
internal sealed record Product(DType Type, int Rows, int Inner, int Columns, Slot Left, Slot Right, Slot Result)
{
    /// <summary>Columns of a panel: rows of a packed matrix of so many columns lie side by side.</summary>
    public const int WidePanel = 32, NarrowPanel = 16;

    /// <summary>Elements from row to row, and from column to column, of the left operand.</summary>
    public (int Row, int Column) LeftStrides { get; init; } = (0, 1);

    /// <summary>The same for the right operand; null where it is packed in panels.</summary>
    public (int Row, int Column)? RightStrides { get; init; }

    /// <summary>Elements from row to row of the result.</summary>
    public int ResultStride { get; init; }

    /// <summary>Where each product begins in left, right, result and bias; null for one product that begins at 0.</summary>
    public int[]? Offsets { get; init; }

    /// <summary>The windows whose pixels are the left rows, of channels that lie <see cref="LeftStrides"/>.Row apart from pixel to pixel.</summary>
    public WindowGeometry? Windows { get; init; }

    /// <summary>Whether windows are those of a transposed convolution: a result's pixel gathers from the pixels that would write to it.</summary>
    public bool Transposed { get; init; }

    /// <summary>Added to each row.</summary>
    public Slot? Bias { get; init; }

    /// <summary>Added to the result, laid out as it.</summary>
    public Slot? Residual { get; init; }

    /// <summary>Applied to the result.</summary>
    public Op? Activation { get; init; }

    /// <summary>A byte for each row, 0 where nobody reads it: tiles of such rows are left out. Null where all are read.</summary>
    public Slot? Mask { get; init; }

    public int Count => Offsets is null ? 1 : Offsets.Length / 4;

    public int Taps => Windows?.Taps ?? 1;

    public int PanelWidth => PanelOf(Columns);

    public static int PanelOf(int columns) => columns <= NarrowPanel ? NarrowPanel : WidePanel;

    /// <summary>Elements of a packed matrix.</summary>
    public static int PackedLength(int rows, int columns) => (columns + PanelOf(columns) - 1) / PanelOf(columns) * PanelOf(columns) * rows;

    /// <summary>Puts a matrix into panels: for each run of columns, its rows one after another, filled up with zeros.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="target">Takes the panels, all zeros.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="rowStart">Where a row begins.</param>
    /// <param name="columnStride">Elements from column to column.</param>
    public static void Pack<T>(ReadOnlySpan<T> source, Span<T> target, int rows, int columns, Func<int, int> rowStart, int columnStride)
    {
        int width = PanelOf(columns);
        for (int row = 0; row < rows; row++)
        {
            int from = rowStart(row);
            for (int column = 0; column < columns; column++, from += columnStride)
            {
                target[(((column / width * rows) + row) * width) + (column % width)] = source[from];
            }
        }
    }

    /// <summary>Adds the kernel to a plan.</summary>
    public void Launch(DeviceBinding b)
    {
        if (Result.Length == 0)
        {
            return;
        }

        var source = new ProductSource(this, b.Device);
        Slot zeros = Windows is null ? Right : b.Zeros(Type, Inner * Windows.Width.Kernel);
        var arguments = new List<KernelArgument>
        {
            Left, Right, Bias ?? Right, Residual ?? Right, Result, zeros, Mask ?? Right, b.Table<int>(Offsets ?? [0, 0, 0, 0]),
            Rows, Inner, Columns, LeftStrides.Row, LeftStrides.Column, RightStrides?.Row ?? 0, RightStrides?.Column ?? 0, ResultStride,
        };
        if (Windows is { } windows)
        {
            foreach (SpatialAxis axis in (SpatialAxis[])[windows.Depth, windows.Height, windows.Width])
            {
                // In a transposed convolution the axis is that of the convolution that it undoes.
                arguments.AddRange(KernelArgument.All([Transposed ? axis.Output : axis.Input, Transposed ? axis.Input : axis.Output, axis.Kernel, axis.Stride, axis.Dilation, axis.PadBegin]));
            }
        }

        b.Launch(source.Text, "product", source.Range, arguments);
    }
}
